/** From ready batches to accepted ones, without ever paying twice. */
@NullMarked
package dev.caravan.submit;

import org.jspecify.annotations.NullMarked;
