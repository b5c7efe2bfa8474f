/** Measures whole nights: the command is bench/run, its results are in docs/performance.md. */
@NullMarked
package dev.caravan.bench;

import org.jspecify.annotations.NullMarked;
