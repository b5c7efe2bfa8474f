package dev.caravan.batch;

/**
 * A value without a Java type of its own, such as an array or a range, as the text that its
 * database writes, with the name that the database has for its type.
 */
public record DatabaseText(String type, String text) implements CharSequence {
  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
