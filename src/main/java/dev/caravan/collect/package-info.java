/** From result lines to outcomes. */
@NullMarked
package dev.caravan.collect;

import org.jspecify.annotations.NullMarked;
