package dev.caravan.ledger;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a statement on many rows, in the order of the rows' values. PostgreSQL takes the rows
 * as one array per column.
 */
record Columns(List<Column> all) {
  /** A column, the class of its values, and PostgreSQL's word for their type. */
  record Column(String name, Class<?> values, String type) {}

  static Columns of(Column... columns) {
    return new Columns(List.of(columns));
  }

  static Column text(String name) {
    return new Column(name, String.class, "text");
  }

  static Column integer(String name) {
    return new Column(name, Integer.class, "int4");
  }

  static Column bigint(String name) {
    return new Column(name, Long.class, "int8");
  }

  static Column numeric(String name) {
    return new Column(name, BigDecimal.class, "numeric");
  }

  static Column timestamp(String name) {
    return new Column(name, LocalDateTime.class, "timestamp");
  }

  Columns and(Columns more) {
    return new Columns(Stream.concat(all.stream(), more.all.stream()).toList());
  }

  String names() {
    return each(", ", Column::name);
  }

  /** A question mark for each. */
  String marks() {
    return each(", ", column -> "?");
  }

  /** A parameter for each, which takes an array. */
  String arrays() {
    return each(", ", column -> "cast(? as " + column.type() + "[])");
  }

  String each(String between, Function<Column, String> text) {
    return all.stream().map(text).collect(Collectors.joining(between));
  }

  /** Binds all rows to the parameters of {@link #arrays}. */
  void bind(PreparedStatement statement, List<@Nullable Object[]> rows) throws SQLException {
    for (int i = 0; i < all.size(); i++) {
      Column column = all.get(i);
      Object[] values = (Object[]) Array.newInstance(column.values(), rows.size());
      for (int row = 0; row < values.length; row++) {
        values[row] = rows.get(row)[i];
      }
      statement.setArray(i + 1, statement.getConnection().createArrayOf(column.type(), values));
    }
  }
}
