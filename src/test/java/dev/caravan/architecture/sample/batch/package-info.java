/** Bad samples the gates must refuse. */
@NullMarked
package dev.caravan.architecture.sample.batch;

import org.jspecify.annotations.NullMarked;
