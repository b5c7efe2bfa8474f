package dev.caravan.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads SQL text once from left to right and cuts it into statements; for one use. */
final class SqlScanner {
  private static final Set<String> VERBS =
      Set.of("select", "insert", "update", "delete", "merge", "values");

  private final String file;
  private final String text;
  private final List<SqlText> statements = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private int at;

  // the statement being read
  private int begin = -1;
  private int depth;
  private String verb = "";
  private StringBuilder jdbc = new StringBuilder();
  private List<String> parameters = new ArrayList<>();

  SqlScanner(String file, String text) {
    this.file = file;
    this.text = text;
  }

  List<SqlText> statements() {
    while (at < text.length()) {
      step();
    }
    finishStatement();
    if (!faults.isEmpty()) {
      throw new FaultsException(faults);
    }
    return List.copyOf(statements);
  }

  private void step() {
    char c = text.charAt(at);
    if (text.startsWith("--", at)) {
      copyTo(lineEnd());
    } else if (text.startsWith("/*", at)) {
      copyTo(commentEnd());
    } else if (c == ';') {
      finishStatement();
      at++;
    } else if (Character.isWhitespace(c)) {
      copyTo(at + 1);
    } else {
      begin = begin < 0 ? at : begin;
      token(c);
    }
  }

  private void token(char c) {
    if (c == '\'' || c == '"' || c == '`') {
      copyTo(closing(String.valueOf(c), at + 1));
    } else if (c == '$' && !dollarTag().isEmpty()) {
      String tag = dollarTag();
      copyTo(closing(tag, at + tag.length()));
    } else if (text.startsWith("::", at)) {
      copyTo(at + 2);
    } else if (c == ':' && at + 1 < text.length() && isNameStart(text.charAt(at + 1))) {
      parameter();
    } else if (isNameStart(c)) {
      word();
    } else {
      sign(c);
    }
  }

  private void parameter() {
    int end = nameEnd(at + 1);
    parameters.add(text.substring(at + 1, end).toLowerCase(Locale.ROOT));
    jdbc.append('?');
    at = end;
  }

  private void word() {
    int end = nameEnd(at);
    String word = text.substring(at, end).toLowerCase(Locale.ROOT);
    if (verb.isEmpty() || (verb.equals("with") && depth == 0 && VERBS.contains(word))) {
      verb = word;
    }
    copyTo(end);
  }

  private void sign(char c) {
    if (c == '?') {
      faults.add(
          new Fault(
              file,
              lineOf(at),
              "a ? stands outside of quotes",
              "Write parameters as :name, and a ? operator as the function that does the same"
                  + " (jsonb_exists(a, b) for a ? b)."));
    }
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    copyTo(Character.isDigit(c) ? nameEnd(at) : at + 1);
  }

  private void copyTo(int end) {
    if (begin >= 0) {
      jdbc.append(text, at, end);
    }
    at = end;
  }

  private void finishStatement() {
    if (begin >= 0) {
      statements.add(
          new SqlText(
              text.substring(begin, at).strip(),
              jdbc.toString().strip(),
              parameters,
              verb,
              lineOf(begin)));
    }
    begin = -1;
    depth = 0;
    verb = "";
    jdbc = new StringBuilder();
    parameters = new ArrayList<>();
  }

  private int lineEnd() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  /** Block comments nest, as in the SQL standard. */
  private int commentEnd() {
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
    return neverEnds("comment /*", "*/");
  }

  private int closing(String quote, int from) {
    boolean backslash =
        quote.equals("'")
            && at > begin
            && Character.toLowerCase(text.charAt(at - 1)) == 'e'
            && (at < 2 || !isNamePart(text.charAt(at - 2)));
    for (int i = from; i < text.length(); i++) {
      if (backslash && text.charAt(i) == '\\') {
        i++;
      } else if (text.startsWith(quote, i)) {
        return i + quote.length();
      }
    }
    return neverEnds("quote " + quote, quote);
  }

  private int neverEnds(String what, String ending) {
    faults.add(new Fault(file, lineOf(at), "the " + what + " never ends", "Add " + ending + "."));
    return text.length();
  }

  /** The opening {@code $tag$} at this place, or nothing when it is none. */
  private String dollarTag() {
    int end = at + 1;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    boolean tag = end < text.length() && text.charAt(end) == '$';
    return tag && (end == at + 1 || isNameStart(text.charAt(at + 1)))
        ? text.substring(at, end + 1)
        : "";
  }

  private int nameEnd(int from) {
    int end = from;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private int lineOf(int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  private static boolean isNameStart(char c) {
    return Character.isLetter(c) || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || Character.isDigit(c);
  }
}
