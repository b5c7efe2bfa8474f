package dev.caravan.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The values of one answer as JDBC takes them: characters that the database can't hold are replaced
 * and counted, numbers that no column holds are refused before anything writes out their digits.
 */
final class Holdable {
  private static final int MAX_EXPONENT = 400;
  private static final char REPLACEMENT = '\uFFFD';

  private final boolean holdsNul;
  private int replaced;

  Holdable(boolean holdsNul) {
    this.holdsNul = holdsNul;
  }

  /** A number that no column can hold. */
  static final class Unholdable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unholdable(String message) {
      super(message);
    }
  }

  int replaced() {
    return replaced;
  }

  /** The value of a field; objects and arrays stay JSON text. */
  @Nullable Object value(String field, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isTextual()) {
      return text(value.textValue());
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isNumber()) {
      JsonNode number = number(field, value);
      return number.isIntegralNumber() && number.canConvertToLong()
          ? (Object) number.longValue()
          : number.decimalValue();
    }
    return inside(field, value).toString();
  }

  private JsonNode inside(String field, JsonNode value) {
    if (value.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      value.fields().forEachRemaining(f -> copy.set(text(f.getKey()), inside(field, f.getValue())));
      return copy;
    }
    if (value.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      value.forEach(item -> copy.add(inside(field, item)));
      return copy;
    }
    if (value.isNumber()) {
      return number(field, value);
    }
    return value.isTextual() ? TextNode.valueOf(text(value.textValue())) : value;
  }

  private static JsonNode number(String field, JsonNode value) {
    if (!(value instanceof DecimalNode)) {
      return value;
    }
    BigDecimal number = value.decimalValue();
    if (number.signum() == 0) {
      return DecimalNode.ZERO;
    }
    // of long: a scale may be as large as an int
    long exponent = (long) number.precision() - number.scale();
    if (Math.abs(exponent) > MAX_EXPONENT) {
      throw new Unholdable(
          field
              + ": the number "
              + (number.precision() > 20 ? "of " + number.precision() + " digits" : number)
              + " has an exponent beyond "
              + MAX_EXPONENT
              + ", which no column holds");
    }
    return value;
  }

  private String text(String text) {
    int first = 0;
    while (first < text.length() && holds(text, first)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder held = new StringBuilder(text);
    for (int i = first; i < text.length(); i++) {
      if (!holds(text, i)) {
        held.setCharAt(i, REPLACEMENT);
        replaced++;
      }
    }
    return held.toString();
  }

  /** Half a surrogate pair is no character, and would be written as a question mark. */
  private boolean holds(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
    return c != 0 || holdsNul;
  }
}
