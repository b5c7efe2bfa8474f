/** The Message Batches API as Caravan uses it, over the routes of {@code 05-anthropic}. */
@NullMarked
package dev.caravan.api;

import org.jspecify.annotations.NullMarked;
