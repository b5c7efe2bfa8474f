/**
 * The fault suite: what is done to Caravan from outside, and the proof that it lost nothing and
 * paid nothing twice. Quick parts carry the tag {@code faults}, the others {@code long} beside it.
 */
@NullMarked
package dev.caravan.faults;

import org.jspecify.annotations.NullMarked;
