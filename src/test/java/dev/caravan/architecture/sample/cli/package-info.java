/** Bad samples the gates must refuse. */
@NullMarked
package dev.caravan.architecture.sample.cli;

import org.jspecify.annotations.NullMarked;
