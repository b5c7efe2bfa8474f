/** Proves settings, jobs and routes before the night; finds all faults at once. */
@NullMarked
package dev.caravan.check;

import org.jspecify.annotations.NullMarked;
