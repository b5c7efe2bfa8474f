package dev.caravan.settings;

/** Where the parts of a SQL text end: names, quotes, comments. Offsets are those of the text. */
record SqlLexer(String text) {
  /** What is returned for a quote or comment that never ends. */
  static final int NEVER = -1;

  int lineOf(int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  int lineEnd(int at) {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  /** Block comments nest, as in the SQL standard. */
  int commentEnd(int at) {
    int open = 0;
    for (int i = at; i + 1 < text.length(); i++) {
      if (text.startsWith("/*", i)) {
        open++;
        i++;
      } else if (text.startsWith("*/", i)) {
        open--;
        i++;
        if (open == 0) {
          return i + 1;
        }
      }
    }
    return NEVER;
  }

  /** The quote that opens here: one sign, or {@code $tag$}; empty when none does. */
  String quote(int at) {
    char c = text.charAt(at);
    return c == '\'' || c == '"' || c == '`' ? String.valueOf(c) : c == '$' ? dollarTag(at) : "";
  }

  int quoteEnd(int at, String quote) {
    boolean backslash = quote.equals("'") && isEscapeString(at);
    for (int i = at + quote.length(); i < text.length(); i++) {
      if (backslash && text.charAt(i) == '\\') {
        i++;
      } else if (text.startsWith(quote, i)) {
        return i + quote.length();
      }
    }
    return NEVER;
  }

  int nameEnd(int from) {
    int end = from;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  boolean isNameStart(int at) {
    return at < text.length() && isNameStart(text.charAt(at));
  }

  private String dollarTag(int at) {
    int end = nameEnd(at + 1);
    boolean tag = end < text.length() && text.charAt(end) == '$';
    return tag && (end == at + 1 || isNameStart(at + 1)) ? text.substring(at, end + 1) : "";
  }

  /** PostgreSQL's {@code E'…'}, the only quote with backslashes. */
  private boolean isEscapeString(int at) {
    return at > 0
        && Character.toLowerCase(text.charAt(at - 1)) == 'e'
        && (at < 2 || !isNamePart(text.charAt(at - 2)));
  }

  private static boolean isNameStart(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || Character.isDigit(c);
  }
}
