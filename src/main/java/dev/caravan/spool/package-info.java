/** The files of a batch: request lines as sent, result lines as received, one per line. */
@NullMarked
package dev.caravan.spool;

import org.jspecify.annotations.NullMarked;
