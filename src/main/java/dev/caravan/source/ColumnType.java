package dev.caravan.source;

import dev.caravan.ledger.Vendor;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Map;

/** A column's type: what the database calls it, and what its values are in Java. */
record ColumnType(String name, Kind kind, int precision) {

  /** What a value becomes. */
  enum Kind {
    BOOLEAN,
    /** A number of one digit in MariaDB, which its driver would make a boolean. */
    TINY,
    SMALL,
    INTEGER,
    LONG,
    DECIMAL,
    REAL,
    DOUBLE,
    STRING,
    BYTES,
    UUID,
    DATE,
    TIME,
    OFFSET_TIME,
    DATE_TIME,
    INSTANT,
    /** MariaDB's TIMESTAMP: an instant, shown in the zone of the session. */
    SESSION_INSTANT,
    /** MariaDB's bits, which its driver dresses up. */
    BITS,
    /** MariaDB's DATETIME, which its driver takes for a time of this machine's zone. */
    LOCAL,
    /** The database's own text. */
    TEXT,
    /** The same, with instants in it that the database shows in the zone of the session. */
    ZONED_TEXT
  }

  private static final Map<String, Kind> POSTGRESQL =
      Map.ofEntries(
          Map.entry("bool", Kind.BOOLEAN),
          Map.entry("float4", Kind.REAL),
          Map.entry("float8", Kind.DOUBLE),
          Map.entry("numeric", Kind.DECIMAL),
          Map.entry("text", Kind.STRING),
          Map.entry("varchar", Kind.STRING),
          Map.entry("bpchar", Kind.STRING),
          Map.entry("char", Kind.STRING),
          Map.entry("name", Kind.STRING),
          Map.entry("citext", Kind.STRING),
          Map.entry("bytea", Kind.BYTES),
          Map.entry("uuid", Kind.UUID),
          Map.entry("date", Kind.DATE),
          Map.entry("time", Kind.TIME),
          Map.entry("timetz", Kind.OFFSET_TIME),
          Map.entry("timestamp", Kind.DATE_TIME),
          Map.entry("timestamptz", Kind.INSTANT),
          Map.entry("tstzrange", Kind.ZONED_TEXT),
          Map.entry("tstzmultirange", Kind.ZONED_TEXT),
          Map.entry("_text", Kind.TEXT),
          Map.entry("_varchar", Kind.TEXT),
          Map.entry("_bpchar", Kind.TEXT),
          Map.entry("_json", Kind.TEXT),
          Map.entry("_jsonb", Kind.TEXT),
          Map.entry("_xml", Kind.TEXT));

  static ColumnType of(ResultSetMetaData types, int column, Vendor vendor) throws SQLException {
    int type = types.getColumnType(column);
    return switch (vendor) {
      case POSTGRESQL -> postgreSql(types, column, type);
      case MARIADB -> mariaDb(types, column, type);
      case H2 -> new ColumnType(types.getColumnTypeName(column), h2(types, column, type), 0);
    };
  }

  /** The name of an integer type is not asked for: the driver would run a query to know serials. */
  private static ColumnType postgreSql(ResultSetMetaData types, int column, int type)
      throws SQLException {
    switch (type) {
      case Types.SMALLINT:
        return new ColumnType("smallint", Kind.SMALL, 0);
      case Types.INTEGER:
        return new ColumnType("integer", Kind.INTEGER, 0);
      case Types.BIGINT:
        return new ColumnType("bigint", Kind.LONG, 0);
      default:
        String name = types.getColumnTypeName(column);
        Kind other =
            switch (type) {
              case Types.VARCHAR -> Kind.STRING; // an enum
              case Types.STRUCT, Types.ARRAY -> Kind.ZONED_TEXT;
              default -> Kind.TEXT;
            };
        return new ColumnType(name, POSTGRESQL.getOrDefault(name, other), 0);
    }
  }

  private static ColumnType mariaDb(ResultSetMetaData types, int column, int type)
      throws SQLException {
    String name = types.getColumnTypeName(column);
    int precision = types.getPrecision(column);
    Kind kind =
        switch (name.toUpperCase(Locale.ROOT).replace(" UNSIGNED", "")) {
          case "TINYINT", "BOOLEAN" -> precision == 1 ? Kind.TINY : Kind.INTEGER;
          case "SMALLINT", "MEDIUMINT", "INTEGER", "INT" -> Kind.INTEGER;
          case "BIGINT" -> Kind.LONG;
          case "DECIMAL", "OLDDECIMAL" -> Kind.DECIMAL;
          case "FLOAT" -> Kind.REAL;
          case "DOUBLE" -> Kind.DOUBLE;
          case "BIT" -> Kind.BITS;
          case "YEAR" -> Kind.TEXT;
          case "DATE" -> Kind.DATE;
          case "TIME" -> Kind.TIME;
          case "DATETIME" -> Kind.LOCAL;
          case "TIMESTAMP" -> Kind.SESSION_INSTANT;
          case "UUID" -> Kind.UUID;
          default -> binary(type) ? Kind.BYTES : Kind.STRING;
        };
    return new ColumnType(name, kind, precision);
  }

  private static boolean binary(int type) {
    return type == Types.BINARY
        || type == Types.VARBINARY
        || type == Types.LONGVARBINARY
        || type == Types.BLOB;
  }

  private static Kind h2(ResultSetMetaData types, int column, int type) throws SQLException {
    if (binary(type)) {
      return types.getColumnTypeName(column).equals("UUID") ? Kind.UUID : Kind.BYTES;
    }
    return switch (type) {
      case Types.BOOLEAN -> Kind.BOOLEAN;
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> Kind.INTEGER;
      case Types.BIGINT -> Kind.LONG;
      case Types.NUMERIC, Types.DECIMAL -> Kind.DECIMAL;
      case Types.REAL -> Kind.REAL;
      case Types.FLOAT, Types.DOUBLE -> Kind.DOUBLE;
      case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB, Types.NCLOB -> Kind.STRING;
      case Types.DATE -> Kind.DATE;
      case Types.TIME -> Kind.TIME;
      case Types.TIME_WITH_TIMEZONE -> Kind.OFFSET_TIME;
      case Types.TIMESTAMP -> Kind.DATE_TIME;
      case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.INSTANT;
      default -> types.getColumnTypeName(column).startsWith("ENUM") ? Kind.STRING : Kind.TEXT;
    };
  }
}
