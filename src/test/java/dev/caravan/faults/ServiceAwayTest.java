package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.simulator.MovableClock;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TcpProxy;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The service outlives a database that is away for longer than its pools wait for a connection. */
@Tag("faults")
@Tag("long")
class ServiceAwayTest {
  private static final int RECORDS = 12;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** That of the tests says nothing. */
  private static final String LOG_OF_THE_PRODUCT = "-Dlogback.configurationFile=logback.xml ";

  @TempDir Path home;

  @ParameterizedTest
  @EnumSource(
      value = DatabaseVendor.class,
      names = {"POSTGRESQL", "MARIADB"})
  void finishesANightAfterTheDatabaseIsBack(DatabaseVendor vendor) throws Exception {
    try (TestDatabase database = vendor.create();
        TcpProxy proxy = database.proxy();
        InvoiceNight night = night(database)) {
      Product product =
          new Product(night)
              .with("CARAVAN_DB_URL", database.urlBy(proxy))
              .with("JAVA_TOOL_OPTIONS", LOG_OF_THE_PRODUCT + "-Dcaravan.home=" + home);
      Process service = product.start("start");
      try {
        said(product, "Caravan is running");
        proxy.away();
        said(product, "The database is away or busy");
        proxy.back();
        assertThat(product.await(product.start("submit", InvoiceNight.JOB))).isIn(0, 5);
        await()
            .atMost(LONGEST)
            .untilAsserted(
                () -> assertThat(night.count("invoices where loads = 1")).isEqualTo(RECORDS));
      } finally {
        service.destroy();
        assertThat(service.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
      assertThat(service.exitValue()).as(product.log()).isZero();
      FaultTable.tried("service outlives a database that is away", night);
    }
  }

  private InvoiceNight night(TestDatabase database) throws Exception {
    return InvoiceNight.in(
            home, database, o -> o.withClock(MovableClock.running()).withProcessing(Duration.ZERO))
        .invoices(1, RECORDS);
  }

  private static void said(Product product, String words) {
    await().atMost(LONGEST).untilAsserted(() -> assertThat(product.log()).contains(words));
  }
}
