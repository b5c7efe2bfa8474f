/** Looks at running batches until they have ended, and what their age demands. */
@NullMarked
package dev.caravan.poll;

import org.jspecify.annotations.NullMarked;
