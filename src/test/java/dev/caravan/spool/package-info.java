/** Files that several processes of one ledger may have in hand. */
@NullMarked
package dev.caravan.spool;

import org.jspecify.annotations.NullMarked;
