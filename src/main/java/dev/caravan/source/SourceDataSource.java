package dev.caravan.source;

import com.zaxxer.hikari.HikariDataSource;
import dev.caravan.ledger.Vendor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The source as everything reads it: {@link ResultSet#getObject} gives values that are what the
 * database holds, by its own types, and an {@link dev.caravan.batch.Unreadable} for one that can't
 * be read. A query with two columns of one name is refused.
 */
public final class SourceDataSource extends DelegatingDataSource implements AutoCloseable {
  private final HikariDataSource pool;
  private final Vendor vendor;

  public SourceDataSource(HikariDataSource pool) {
    super(pool);
    this.pool = pool;
    this.vendor = Vendor.of(pool.getJdbcUrl());
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = pool.getConnection();
    try {
      ZoneOffset session =
          vendor == Vendor.MARIADB ? MariaDbSession.fix(connection) : ZoneOffset.UTC;
      return proxy(Connection.class, new Wrapped(connection, session));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            SourceDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object call(Object target, Method method, @Nullable Object[] args)
      throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** A connection or statement; what it opens is wrapped, too. */
  private final class Wrapped implements InvocationHandler {
    private final Object target;
    private final ZoneOffset session;

    Wrapped(Object target, ZoneOffset session) {
      this.target = target;
      this.session = session;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] args)
        throws Throwable {
      Object result = call(target, method, args);
      if (result instanceof ResultSet rows) {
        return proxy(ResultSet.class, new Rows(rows, SourceColumn.of(rows, vendor, session)));
      }
      if (result instanceof PreparedStatement statement) {
        return proxy(PreparedStatement.class, new Wrapped(statement, session));
      }
      if (result instanceof Statement statement) {
        return proxy(Statement.class, new Wrapped(statement, session));
      }
      return result;
    }
  }

  /** Rows whose values are read by their columns. */
  private record Rows(ResultSet rows, SourceColumn[] columns) implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] args)
        throws Throwable {
      if (method.getName().equals("getObject") && args.length == 1) {
        int index = args[0] instanceof Integer i ? i : rows.findColumn(String.valueOf(args[0]));
        return columns[index - 1].read(rows);
      }
      Object result = call(rows, method, args);
      return result instanceof ResultSetMetaData types
          ? proxy(ResultSetMetaData.class, new WithoutHandles(types))
          : result;
    }
  }

  /** Columns of large objects look like any other: readers must not ask for a handle. */
  private record WithoutHandles(ResultSetMetaData types) implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] args)
        throws Throwable {
      Object result = call(types, method, args);
      if (!method.getName().equals("getColumnType")) {
        return result;
      }
      return switch ((Integer) result) {
        case Types.CLOB, Types.NCLOB -> Types.LONGVARCHAR;
        case Types.BLOB -> Types.LONGVARBINARY;
        default -> result;
      };
    }
  }
}
