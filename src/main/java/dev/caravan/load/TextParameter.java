package dev.caravan.load;

import dev.caravan.batch.DatabaseText;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.util.PGobject;
import org.springframework.jdbc.core.SqlTypeValue;

/** Binds a text of a database as a value of the type that it was read from. */
record TextParameter(DatabaseText value) implements SqlTypeValue {

  @Override
  public void setTypeValue(
      PreparedStatement statement, int index, int sqlType, @Nullable String typeName)
      throws SQLException {
    if (statement.isWrapperFor(PGStatement.class)) {
      postgreSql(statement, index);
    } else if (value.type().equals("bit")) {
      statement.setObject(index, new BigInteger(value.text(), 2));
    } else if (value.type().equals("JSON")) {
      // H2 would take a string for the JSON of that string
      statement.setBytes(index, value.text().getBytes(StandardCharsets.UTF_8));
    } else {
      statement.setString(index, value.text());
    }
  }

  /** Untyped where the target has no such type: the source may be another database. */
  private void postgreSql(PreparedStatement statement, int index) throws SQLException {
    PGobject typed = new PGobject();
    typed.setType(value.type());
    typed.setValue(value.text());
    try {
      statement.setObject(index, typed);
    } catch (SQLException unknownType) {
      statement.setObject(index, value.text(), Types.OTHER);
    }
  }

  @Override
  public String toString() {
    return value.text();
  }
}
