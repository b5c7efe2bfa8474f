/**
 * A stateful stand-in for Anthropic's Message Batches, Messages, count_tokens and Models endpoints
 * over HTTP, with a clock that can be moved, faults by plan, and books of what was accepted.
 */
@NullMarked
package dev.caravan.simulator;

import org.jspecify.annotations.NullMarked;
