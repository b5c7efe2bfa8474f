package dev.caravan.faults;

import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The answer to a create is lost: the batch is found in the list, or proved never to have come. */
@Tag("faults")
class LostAnswerTest {
  @TempDir Path home;

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void afterTheBatchWasAccepted(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 20)) {
      night.start();
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.extract().submit().untilDone(Duration.ofMinutes(1));
      FaultTable.tried("answer to create lost after the body", night);
    }
  }
}
