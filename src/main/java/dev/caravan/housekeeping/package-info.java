/** What is removed when it is old: spool files and texts, never keys, outcomes or costs. */
@NullMarked
package dev.caravan.housekeeping;

import org.jspecify.annotations.NullMarked;
