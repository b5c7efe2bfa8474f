package dev.caravan.testing;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The databases Caravan runs on; each has one real server per JVM, started at first use. */
@SuppressWarnings("ImmutableEnumChecker") // each constant is the place of this JVM's one server
public enum DatabaseVendor {
  H2(H2Server::start),
  POSTGRESQL(PostgresServer::start),
  MARIADB(MariaDbServer::start);

  private final Supplier<DatabaseServer> start;
  private final AtomicInteger created = new AtomicInteger();
  private @Nullable DatabaseServer server;
  private @Nullable RuntimeException failure;

  DatabaseVendor(Supplier<DatabaseServer> start) {
    this.start = start;
  }

  /** A fresh, empty database; close it to remove it. */
  public TestDatabase create() {
    return TestDatabase.createdOn(server(), this, "caravan" + created.incrementAndGet());
  }

  /** The name as people write it in lower case, such as {@code postgresql}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private synchronized DatabaseServer server() {
    if (failure != null) {
      throw failure;
    }
    if (server == null) {
      try {
        server = start.get();
      } catch (RuntimeException e) {
        failure = new IllegalStateException(e.getMessage(), e);
        throw failure;
      }
    }
    return server;
  }
}
