/** Bad samples the gates must refuse. */
@NullMarked
package dev.caravan.architecture.sample.settings;

import org.jspecify.annotations.NullMarked;
