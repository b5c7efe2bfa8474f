/** Accepted answers into the user's tables, exactly once. */
@NullMarked
package dev.caravan.load;

import org.jspecify.annotations.NullMarked;
