package dev.caravan.testing;

import dev.caravan.testing.DatabaseServer.Account;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A database of its own for one test, seen through one account; empty when created.
 *
 * <p>Its address is plain TCP on loopback, so a second process can use it too.
 */
public final class TestDatabase implements AutoCloseable {
  private final DatabaseServer server;
  private final DatabaseVendor vendor;
  private final String name;
  private final Account account;
  private final List<Account> restricted = new ArrayList<>();

  private TestDatabase(DatabaseServer server, DatabaseVendor vendor, String name, Account account) {
    this.server = server;
    this.vendor = vendor;
    this.name = name;
    this.account = account;
  }

  static TestDatabase createdOn(DatabaseServer server, DatabaseVendor vendor, String name) {
    server.create(name);
    return new TestDatabase(server, vendor, name, DatabaseServer.OWNER);
  }

  public DatabaseVendor vendor() {
    return vendor;
  }

  /** The database's (on MariaDB the catalog's) name, unique in this JVM. */
  public String name() {
    return name;
  }

  public String url() {
    return server.url(name);
  }

  /** A proxy before this database's server. */
  public TcpProxy proxy() {
    return TcpProxy.to(URI.create(url().substring("jdbc:".length())).getPort());
  }

  /** The address by way of a proxy. */
  public String urlBy(TcpProxy proxy) {
    URI uri = URI.create(url().substring("jdbc:".length()));
    return url().replace(":" + uri.getPort() + "/", ":" + proxy.port() + "/");
  }

  public String user() {
    return account.user();
  }

  public String password() {
    return account.password();
  }

  /** A data source without a pool: every connection is new. */
  public DataSource dataSource() {
    return new DriverManagerDataSource(url(), user(), password());
  }

  /** Runs each statement in a transaction of its own. */
  public void execute(String... statements) {
    server.run(name, account, statements);
  }

  /** The rows of a SELECT in order, columns by their label in lower case. */
  public List<Map<String, Object>> query(String sql, Object... parameters) {
    return jdbc().query(sql, new LowerCaseLabels(), parameters);
  }

  /** The single number a {@code select count(*) …} answers. */
  public long count(String sql, Object... parameters) {
    var count = jdbc().queryForObject(sql, Long.class, parameters);
    if (count == null) {
      throw new IllegalArgumentException("Not a count, it answered NULL: " + sql);
    }
    return count;
  }

  /** The same database seen by the administrator; closing it does nothing. */
  public TestDatabase asAdmin() {
    return new TestDatabase(server, vendor, name, DatabaseServer.ADMIN);
  }

  /**
   * The same database seen by a new account that may do nothing but what is granted.
   *
   * @param grants such as {@code "select, update on invoice"}, given by the administrator
   */
  public TestDatabase restrictedUser(String... grants) {
    var guest = new Account(name + "_guest" + restricted.size(), "guest-secret");
    server.createLogin(name, guest);
    restricted.add(guest);
    for (var grant : grants) {
      asAdmin().execute("grant " + grant + " to " + guest.user());
    }
    return new TestDatabase(server, vendor, name, guest);
  }

  /** Removes the database, also under open connections, and the accounts made for it. */
  @Override
  public void close() {
    if (!account.equals(DatabaseServer.OWNER)) {
      return;
    }
    server.drop(name);
    restricted.forEach(server::dropLogin);
  }

  @Override
  public String toString() {
    return vendor.label();
  }

  private JdbcTemplate jdbc() {
    return server.jdbc(name, account);
  }

  private static final class LowerCaseLabels extends ColumnMapRowMapper {
    @Override
    protected String getColumnKey(String label) {
      return label.toLowerCase(Locale.ROOT);
    }
  }
}
