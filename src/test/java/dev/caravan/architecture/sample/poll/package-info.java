/** Bad samples the gates must refuse. */
@NullMarked
package dev.caravan.architecture.sample.poll;

import org.jspecify.annotations.NullMarked;
