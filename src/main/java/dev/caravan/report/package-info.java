/**
 * The report stage: what a run did, in a mail that people read at 06:00, and the outbox it waits
 * in.
 */
@NullMarked
package dev.caravan.report;

import org.jspecify.annotations.NullMarked;
