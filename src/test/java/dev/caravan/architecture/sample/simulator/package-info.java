/** Bad samples the gates must refuse. */
@NullMarked
package dev.caravan.architecture.sample.simulator;

import org.jspecify.annotations.NullMarked;
