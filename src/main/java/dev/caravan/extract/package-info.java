/** From rows of the source to ready batches: claims, prompts, request lines. */
@NullMarked
package dev.caravan.extract;

import org.jspecify.annotations.NullMarked;
