package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.cli.Firings;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk under the spool, and spool files that somebody cuts or deletes. */
@Tag("faults")
class SpoolTest {
  @TempDir Path home;

  /** A spool of half a megabyte that can be filled to its last byte. */
  private static final class SmallDisk implements AutoCloseable {
    private final Path folder;

    SmallDisk(Path folder) throws Exception {
      this.folder = Files.createDirectories(folder);
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder.toString()),
          "a tmpfs can't be mounted here (it needs root), so a full disk is not tried");
    }

    void fill() throws IOException {
      try (OutputStream out = Files.newOutputStream(folder.resolve("filler"))) {
        while (true) {
          out.write(new byte[4096]);
        }
      } catch (IOException full) {
        // as meant
      }
    }

    void makeRoom() throws IOException {
      Files.delete(folder.resolve("filler"));
    }

    private static boolean run(String... command) throws Exception {
      return new ProcessBuilder(command).start().waitFor() == 0;
    }

    @Override
    public void close() throws Exception {
      run("umount", "-l", folder.toString());
    }
  }

  private static void extractAgain(InvoiceNight night) throws Exception {
    night.database().execute("update caravan_run set lease_until = null where owner is null");
    new Firings(
            night.fixture().application(),
            night.fixture().ledger(),
            night.fixture().jobs(),
            Duration.ofHours(6),
            night.fixture().clock())
        .abandoned();
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void aFullDiskIsToldAndTheNightGoesOnWhenThereIsRoom(TestDatabase database) throws Exception {
    try (SmallDisk disk = new SmallDisk(home.resolve("data/spool"));
        InvoiceNight night =
            InvoiceNight.in(home, database).set("spool.min-free", "0").invoices(1, 40).start()) {
      night
          .simulator()
          .fault(new Fault.Errored(Pattern.compile("INV-5$"), "api_error", null, null), 0, 1);
      disk.fill();
      assertThat(night.fire().getException()).isNotNull();
      assertThat(String.valueOf(night.fixture().row("select error from caravan_run").get("error")))
          .contains("spool")
          .contains("No space left");
      assertThat(night.pause()).isEmpty();
      disk.makeRoom();
      extractAgain(night);

      disk.fill();
      night.submit();
      assertThat(night.states()).containsExactly("in_progress");
      night.minutes(6).poll().collect();
      assertThat(night.states()).containsExactly("ended");
      assertThat(
              String.valueOf(night.fixture().row("select detail from caravan_batch").get("detail")))
          .contains("No space left");
      disk.makeRoom();
      night.minutes(2).collect();

      disk.fill();
      night.minutes(2);
      assertThatThrownBy(night::resend).hasStackTraceContaining("No space left");
      disk.makeRoom();
      night.untilDone();
      assertThat(night.accepted()).isEqualTo(2);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(40);
      FaultTable.tried("disk full in extract, submit, download, resend", night);
    }
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private void cut(String ending) throws IOException {
    for (Path file : files(ending)) {
      byte[] text = Files.readAllBytes(file);
      Files.write(file, java.util.Arrays.copyOf(text, text.length / 2));
    }
  }

  @EachDatabase(DatabaseVendor.H2)
  void requestsThatSomebodyCutAreNeverSentInHalves(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database).invoices(1, 5).start()) {
      night.extract();
      cut(".requests.jsonl");
      night.submit().untilDone();
      assertThat(night.count("caravan_record where outcome is null or outcome = 'retry'")).isZero();
      assertThat(night.count("caravan_record where cause = 'request_missing'")).isBetween(1L, 4L);
      FaultTable.tried("spool file of requests cut", night);
    }
  }

  @Test
  void resultsThatSomebodyCutOrDeletedAreFetchedAgain() throws Exception {
    String breaks =
        """
        - throwException:
            id: invoices-load-breaks
            exceptionType: java.lang.IllegalStateException
            message: broken on purpose
        """;
    for (boolean deleted : new boolean[] {false, true}) {
      Path folder = Files.createTempDirectory(home, "night");
      try (TestDatabase own = DatabaseVendor.H2.create();
          InvoiceNight night = InvoiceNight.in(folder, own)) {
        String good = Files.readString(folder.resolve("routes/jobs/invoices.camel.yaml"));
        night
            .invoices(1, 5)
            .loadRoute(breaks)
            .start()
            .extract()
            .submit()
            .minutes(6)
            .poll()
            .collect();
        if (deleted) {
          for (Path file : files(".results.jsonl")) {
            Files.delete(file);
          }
        } else {
          cut(".results.jsonl");
        }
        Files.writeString(folder.resolve("routes/jobs/invoices.camel.yaml"), good);
        night.restart().resume().untilDone();
        assertThat(night.count("invoices where loads = 1")).isEqualTo(5);
        FaultTable.tried("spool file of results cut or deleted", night);
      }
    }
  }
}
