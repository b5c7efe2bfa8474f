package dev.caravan.collect;

import org.jspecify.annotations.Nullable;

/** A line of a results file, by its place in bytes; {@code text} is null when it is not UTF-8. */
public record ResultLine(long offset, int length, @Nullable String text) {}
