package dev.caravan.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --limit}: a number of records, at least one. */
final class Limit implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    try {
      int limit = Integer.parseInt(text);
      if (limit > 0) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new TypeConversionException(
        "'" + text + "' is not a number of records from 1 to " + Integer.MAX_VALUE);
  }
}
