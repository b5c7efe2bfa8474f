package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

class TcpProxyTest {
  private static String read(TestDatabase database, TcpProxy proxy) throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                database.urlBy(proxy), database.user(), database.password());
        var rows = connection.createStatement().executeQuery("select 'carried'")) {
      rows.next();
      return rows.getString(1);
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void carriesRefusesAndComesBack(TestDatabase database) throws Exception {
    try (TcpProxy proxy = database.proxy()) {
      assertThat(read(database, proxy)).isEqualTo("carried");
      proxy.away();
      assertThatThrownBy(() -> read(database, proxy)).isInstanceOf(SQLException.class);
      proxy.back();
      assertThat(read(database, proxy)).isEqualTo("carried");
    }
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void showsTheBytesOfBothSidesAndMayCutThem(TestDatabase database) throws Exception {
    AtomicLong seen = new AtomicLong();
    try (TcpProxy proxy = database.proxy()) {
      proxy.watch(
          () ->
              new TcpProxy.Watch() {
                @Override
                public boolean toProduct(byte[] bytes) {
                  return seen.addAndGet(bytes.length) < 100_000;
                }
              });
      assertThat(read(database, proxy)).isEqualTo("carried");
      assertThat(seen).hasPositiveValue();
      seen.set(200_000);
      assertThatThrownBy(() -> read(database, proxy)).isInstanceOf(SQLException.class);
    }
  }
}
