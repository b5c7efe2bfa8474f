package dev.caravan.collect;

import org.jspecify.annotations.Nullable;

/**
 * A line of a results file, by its place in bytes; {@code text} is null when it is not UTF-8 JSON.
 * That of a line too long for memory is an outline: it lacks the content of the message.
 */
public record ResultLine(long offset, int length, @Nullable String text, boolean outline) {

  static ResultLine whole(long offset, int length, @Nullable String text) {
    return new ResultLine(offset, length, text, false);
  }
}
