package dev.caravan.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.faults.FaultTable;
import dev.caravan.simulator.Books;
import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** What is done beside the night so that the next ones are good too. */
class HousekeepingTest {
  @TempDir Path home;

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void warnsTwiceBeforeTheApiDropsResultsThatNobodyHas(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.extract().submit().minutes(6).poll();
      night.simulator().fault(Fault.refuse(Endpoint.RESULTS, 500), 0, 100);
      night.collect().advance(Duration.ofDays(24)).collect();
      assertThat(night.mails()).isEmpty();
      night.advance(Duration.ofHours(25)).collect().collect();
      assertThat(night.mails()).singleElement().asString().contains("drops its results");
      night.advance(Duration.ofDays(3)).collect().restart().collect();
      assertThat(night.mails()).hasSize(2);
      night.simulator().clearFaults();
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      FaultTable.tried("results not to be had for 28 days", night);
    }
  }

  @EachDatabase
  void deletesAtTheApiWhatIsCollectedAndNothingElse(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database)
            .set("collect.delete-at-api", "true")
            .invoices(1, 3)
            .start()) {
      String foreign = night.simulator().foreignBatch(3);
      night.simulator().faults(new Fault.CutAfter(Endpoint.CREATE));
      night.extract().submit().untilDone(Duration.ofMinutes(1));
      night.simulator().faults(Fault.refuse(Endpoint.DELETE, 500));
      night.fixture().call("direct:delete").call("direct:delete");
      assertThat(night.count("caravan_batch where deleted_at is not null")).isZero();
      night.minutes(61).fixture().call("direct:delete");
      assertThat(night.count("caravan_batch where deleted_at is not null")).isEqualTo(1);
      assertThat(night.simulator().books().batches())
          .allSatisfy(batch -> assertThat(batch.deleted()).isEqualTo(!batch.id().equals(foreign)));
      night.minutes(61).fixture().call("direct:delete");
      assertThat(night.simulator().books().calls()).containsEntry(Endpoint.DELETE, 2L);
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void deletesNothingUnlessASettingAsksForIt(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.extract().submit().untilDone();
      night.fixture().call("direct:delete");
      assertThat(night.simulator().books().batches()).noneMatch(Books.Batch::deleted);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void beginsNothingOnADiskThatIsNearlyFullAndGoesOnWhenThereIsRoom(TestDatabase database)
      throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).set("spool.min-free", "999999MB").invoices(1, 3).start()) {
      assertThat(night.fire().getException()).hasStackTraceContaining("spool.min-free");
      assertThat(night.states()).isEmpty();
      assertThat(night.pause()).isEmpty();
      assertThat(night.mails()).singleElement().asString().contains("waits for its spool folder");
      night.set("spool.min-free", "1MB").restart().expireLeases();
      night
          .fixture()
          .extract(
              InvoiceNight.JOB, Map.of("run", night.fixture().ledger().runs.abandoned().get(0)));
      night.submit();
      night.set("spool.min-free", "999999MB").restart();
      night.minutes(6).poll().collect();
      assertThat(night.states()).containsExactly("ended");
      assertThat(night.simulator().books().calls()).containsEntry(Endpoint.RESULTS, 0L);
      night.set("spool.min-free", "1MB").restart().untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(3);
      FaultTable.tried("disk nearly full", night);
    }
  }

  @EachDatabase
  void oldFilesAndTextsGoAndTheRecordsStayKnown(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).withoutRules().set("spool.keep", "20d").invoices(1, 3)) {
      night.start().simulator().faults(new Fault.Refusal(Pattern.compile("INV-2$"), null));
      night.extract().submit().untilDone();
      night.invoices(4, 4).minutes(1).extract().submit();
      night.endedAgo(Duration.ofDays(21)).fixture().call("direct:housekeeping");
      assertThat(files()).as("of the run that is not over").hasSize(2);
      night.untilDone();
      assertThat(night.count("caravan_request where spool_offset is not null")).isEqualTo(1);
      assertThat(night.count("caravan_request where row_values = '{}'")).isZero();
      night.endedAgo(Duration.ofDays(91)).fixture().call("direct:housekeeping");
      assertThat(files()).isEmpty();
      assertThat(night.count("caravan_request where row_values <> '{}'")).isZero();
      assertThat(night.count("caravan_request where cost_usd is not null")).isEqualTo(4);
      assertThat(night.outcome("INV-2")).isEqualTo("rejected refusal");
      night.extract();
      assertThat(night.count("caravan_run where skipped_done = 1")).as("INV-2").isEqualTo(2);
      assertThat(night.count("caravan_request")).isEqualTo(4);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void filesOfARunThatHasEndedAreCompressedAndStillRead(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 3).start()) {
      night.extract().submit().fixture().call("direct:housekeeping");
      assertThat(files()).noneMatch(HousekeepingTest::compressed);
      night.untilDone().fixture().call("direct:housekeeping");
      assertThat(files()).filteredOn(HousekeepingTest::compressed).hasSize(2);
      assertThat(files()).noneMatch(file -> file.toString().endsWith(".jsonl"));
      assertThat(files())
          .filteredOn(HousekeepingTest::compressed)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aFileThatCanNotBeCompressedStaysAndHoldsUpNoOther(TestDatabase database) throws Exception {
    try (InvoiceNight night =
        InvoiceNight.in(home, database).withoutRules().set("spool.keep", "20d").start()) {
      night.invoices(1, 1).extract().submit().untilDone();
      night.endedAgo(Duration.ofDays(21));
      night.advance(Duration.ofDays(1)).invoices(2, 2).extract().submit().untilDone();
      Path results =
          files().stream()
              .filter(file -> file.toString().endsWith(".results.jsonl"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      Path inTheWay = Files.createDirectories(Path.of(results + ".gz", "in the way")).getParent();

      String plain = "caravan_batch where spool_compressed_at is null and spool_removed_at is null";
      night.minutes(1).invoices(3, 3).extract().submit().untilDone();
      night.fixture().call("direct:housekeeping");
      assertThat(results).exists();
      assertThat(night.count(plain)).isEqualTo(1);
      assertThat(night.count("caravan_batch where spool_removed_at is not null")).isEqualTo(1);

      FileSystemUtils.deleteRecursively(inTheWay);
      night.fixture().call("direct:housekeeping");
      assertThat(results).doesNotExist();
      assertThat(night.count(plain)).isZero();
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void aFolderThatCanNotBeTidiedHoldsUpNoOther(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).withoutRules().start()) {
      night.invoices(1, 1).extract().submit().untilDone();
      Path oldest = files().stream().filter(HousekeepingTest::isRequests).findFirst().orElseThrow();
      Files.createDirectories(Path.of(oldest + ".in the way", "of another"));
      night.advance(Duration.ofDays(1)).invoices(2, 2).extract().submit().untilDone();

      night.endedAgo(Duration.ofDays(100)).fixture().call("direct:housekeeping");
      assertThat(night.count("caravan_batch where spool_removed_at is not null")).isEqualTo(1);
      assertThat(night.count("caravan_request where row_values <> '{}'")).isZero();
    }
  }

  private static boolean isRequests(Path file) {
    return file.toString().endsWith(".requests.jsonl");
  }

  private static boolean compressed(Path file) {
    return file.toString().endsWith(".jsonl.gz");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data/spool"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !String.valueOf(file.getParent()).endsWith("nodes"))
          .toList();
    }
  }
}
