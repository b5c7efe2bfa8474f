/** Bad samples the gates must refuse. */
@NullMarked
package dev.caravan.architecture.sample.submit;

import org.jspecify.annotations.NullMarked;
