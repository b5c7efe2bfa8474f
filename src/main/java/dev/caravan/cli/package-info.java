/** The commands of {@code ./caravan}: each parses its options, calls one thing, answers a code. */
@NullMarked
package dev.caravan.cli;

import org.jspecify.annotations.NullMarked;
