package dev.caravan.settings;

import java.util.List;

/**
 * One SQL statement with named parameters ({@code :name}), ready for JDBC.
 *
 * @param text the statement as written, without its semicolon
 * @param jdbc the same with every {@code :name} replaced by {@code ?}
 * @param parameters names in order of occurrence, lower case, repeated where the text repeats them
 * @param verb what the statement does, lower case ({@code select}, {@code update} …), seen through
 *     a leading {@code with}
 * @param line of its first word in the file, from 1
 */
public record SqlText(String text, String jdbc, List<String> parameters, String verb, int line) {

  public SqlText {
    parameters = List.copyOf(parameters);
  }

  /**
   * The statements of a text, in order; those of comments alone are left out.
   *
   * @throws FaultsException naming file and line of each literal {@code ?} and of each quote or
   *     comment that never ends
   */
  public static List<SqlText> statements(String file, String text) {
    return new SqlScanner(file, text).statements();
  }

  /** As {@link #statements(String, String)} for a text that is in no file. */
  public static List<SqlText> statements(String text) {
    return statements("SQL", text);
  }

  public boolean isUpdate() {
    return verb.equals("update");
  }

  public boolean isSelect() {
    return verb.equals("select");
  }
}
