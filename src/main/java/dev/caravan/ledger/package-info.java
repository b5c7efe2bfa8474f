/** Caravan's own tables, and the only place with SQL against them. */
@NullMarked
package dev.caravan.ledger;

import org.jspecify.annotations.NullMarked;
