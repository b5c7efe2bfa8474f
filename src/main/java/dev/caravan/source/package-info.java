/**
 * Reads the source: rows whose values are what the database holds, whatever its driver makes of
 * them.
 */
@NullMarked
package dev.caravan.source;

import org.jspecify.annotations.NullMarked;
