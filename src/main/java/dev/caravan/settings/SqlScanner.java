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
  private final SqlLexer lexer;
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
    this.lexer = new SqlLexer(text);
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
      copyTo(lexer.lineEnd(at));
    } else if (text.startsWith("/*", at)) {
      copyTo(endOr(lexer.commentEnd(at), "comment /*", "*/"));
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
    String quote = lexer.quote(at);
    if (!quote.isEmpty()) {
      copyTo(endOr(lexer.quoteEnd(at, quote), "quote " + quote, quote));
    } else if (text.startsWith("::", at)) {
      copyTo(at + 2);
    } else if (c == ':' && lexer.isNameStart(at + 1)) {
      parameter();
    } else if (lexer.isNameStart(at)) {
      word();
    } else {
      sign(c);
    }
  }

  private void parameter() {
    int end = lexer.nameEnd(at + 1);
    parameters.add(text.substring(at + 1, end).toLowerCase(Locale.ROOT));
    jdbc.append('?');
    at = end;
  }

  private void word() {
    int end = lexer.nameEnd(at);
    String word = text.substring(at, end).toLowerCase(Locale.ROOT);
    if (verb.isEmpty() || (verb.equals("with") && depth == 0 && VERBS.contains(word))) {
      verb = word;
    }
    copyTo(end);
  }

  private void sign(char c) {
    if (c == '?') {
      refuse(
          "a ? stands outside of quotes",
          "Write parameters as :name, and a ? operator as the function that does the same"
              + " (jsonb_exists(a, b) for a ? b).");
    }
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    copyTo(Character.isDigit(c) ? lexer.nameEnd(at) : at + 1);
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
              lexer.lineOf(begin)));
    }
    begin = -1;
    depth = 0;
    verb = "";
    jdbc = new StringBuilder();
    parameters = new ArrayList<>();
  }

  private int endOr(int end, String what, String ending) {
    if (end == SqlLexer.NEVER) {
      refuse("the " + what + " never ends", "Add " + ending + ".");
      return text.length();
    }
    return end;
  }

  private void refuse(String message, String remedy) {
    faults.add(new Fault(file, lexer.lineOf(at), message, remedy));
  }
}
