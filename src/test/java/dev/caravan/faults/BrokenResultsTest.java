package dev.caravan.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.batch.Batch;
import dev.caravan.simulator.Endpoint;
import dev.caravan.simulator.Fault;
import dev.caravan.testing.DatabaseVendor;
import dev.caravan.testing.EachDatabase;
import dev.caravan.testing.InvoiceNight;
import dev.caravan.testing.TestDatabase;
import java.io.BufferedWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * Results that break off, lie, or come from where they should not: fetched again, never trusted.
 */
@Tag("faults")
class BrokenResultsTest {
  private static final int RECORDS = 10;
  private static final int PLACES = 6;
  private static final String ANSWER =
      "{\"department\":\"IT\",\"amount\":1,\"summary\":\"Prüfung für 5 €\",\"approval_required\":false}";

  @TempDir Path home;

  private InvoiceNight night(TestDatabase database) throws Exception {
    InvoiceNight night = InvoiceNight.in(home, database).start();
    night.simulator().answers("INV", ANSWER);
    return night;
  }

  private static InvoiceNight ended(InvoiceNight night) {
    night.more(RECORDS).minutes(6).poll();
    assertThat(night.newest().endedAt()).isNotNull();
    return night;
  }

  /** The results as the API has them. */
  private static byte[] served(InvoiceNight night) throws Exception {
    URI uri =
        URI.create(
            "%s/v1/messages/batches/%s/results"
                .formatted(night.simulator().baseUrl(), night.newest().msgbatchId()));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("authorization", "Bearer test-key")
            .header("anthropic-version", "2026-10-21")
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
  }

  private Path results(InvoiceNight night) {
    Batch batch = night.newest();
    return home.resolve("data/spool/" + batch.spool() + "/" + batch.nonce() + ".results.jsonl");
  }

  private static Map<String, Integer> places(byte[] results) {
    Map<String, Integer> places = new LinkedHashMap<>();
    places.put("before the first line", 0);
    places.put("in the middle of a line", lineEnd(results, 3) + 100);
    places.put("in the middle of a character", firstMultibyte(results) + 1);
    places.put("after half of the lines", lineEnd(results, RECORDS / 2));
    places.put("just before the last newline", results.length - 1);
    places.put("after the last newline", results.length);
    return places;
  }

  private static int lineEnd(byte[] results, int lines) {
    int at = 0;
    for (int seen = 0; seen < lines; at++) {
      seen += results[at] == '\n' ? 1 : 0;
    }
    return at;
  }

  private static int firstMultibyte(byte[] results) {
    int at = 0;
    while (results[at] >= 0) {
      at++;
    }
    return at;
  }

  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void areFetchedAgainWhereverTheyBrokeOff(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      for (boolean reset : new boolean[] {false, true}) {
        for (int i = 0; i < PLACES; i++) {
          byte[] results = served(ended(night));
          long before = night.count("invoices where loads = 1");
          String place = List.copyOf(places(results).keySet()).get(i);
          int bytes = places(results).getOrDefault(place, 0);
          night.simulator().faults(new Fault.CutAnswer(Endpoint.RESULTS, bytes, reset));
          night.collect();
          assertThat(results(night)).doesNotExist();
          assertThat(night.count("invoices where loads = 1")).isEqualTo(before);
          night.minutes(2).tick();
          assertThat(night.count("invoices where loads = 1")).isEqualTo(before + RECORDS);
          FaultTable.tried(reset ? "results reset in the middle" : "results cut " + place, night);
        }
      }
      assertThat(night.accepted()).isEqualTo(2 * PLACES);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void areNeverTrusted(TestDatabase database) throws Exception {
    Map<String, Fault> lies = new LinkedHashMap<>();
    lies.put("lines repeated", new Fault.Lines(3, 0, 0, 0, 0));
    lies.put("foreign lines", new Fault.Lines(0, 3, 0, 0, 0));
    lies.put("lines not UTF-8", new Fault.Lines(0, 0, 0, 3, 0));
    lies.put("lines broken off", new Fault.Lines(0, 0, 0, 0, 3));
    lies.put("all of that at once", new Fault.Lines(2, 2, 0, 2, 2));
    lies.put("wrong request_counts", new Fault.WrongCounts(3));
    lies.put("404 after ended", new Fault.ResultsHidden(3));
    try (InvoiceNight night = night(database)) {
      for (Map.Entry<String, Fault> lie : lies.entrySet()) {
        night.simulator().clearFaults().faults(lie.getValue());
        night.more(RECORDS).untilDone();
        FaultTable.tried("results: " + lie.getKey(), night);
      }
      assertThat(night.count("invoices where loads <> 1")).isZero();
      // what no line answered is sent again, and nothing else
      assertThat(night.count("caravan_request where attempt = 2")).isEqualTo(2 * 3 + 4);
      assertThat(night.count("caravan_request where attempt > 2")).isZero();
    }
  }

  /** The API counts them as answered, so they are paid: a person decides, nobody pays again. */
  @EachDatabase({DatabaseVendor.POSTGRESQL, DatabaseVendor.MARIADB})
  void thatLackLinesForGoodAreHeld(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().faults(new Fault.Lines(0, 0, 3, 0, 0));
      night.more(RECORDS);
      for (int i = 0; i < 12; i++) {
        night.minutes(6).tick();
      }
      assertThat(night.states()).containsExactly("held");
      assertThat(night.accepted()).isEqualTo(1);
      assertThat(night.adopt("none")).isEmpty();
      night.untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(RECORDS);
      assertThat(night.accepted()).isEqualTo(2);
      FaultTable.tried("results: lines missing, settled by adopt none", night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void areMatchedByTheirIdsInWhateverOrder(TestDatabase database) throws Exception {
    try (InvoiceNight night = InvoiceNight.in(home, database, o -> o.withShuffled(true)).start()) {
      night.more(200).untilDone();
      assertThat(night.count("invoices where extracted_amount <> amount")).isZero();
      FaultTable.tried("results shuffled", night);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void oneLineOfFiftyMegabytesCostsItsRecordOnly(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      blowUp(served(ended(night)), results(night));
      night.collect();
      assertThat(night.outcome("INV-1")).isEqualTo("rejected too_long");
      assertThat(night.count("caravan_record where cause = 'too_long' and cost_usd > 0"))
          .as("its cost stands behind the content, and is booked")
          .isEqualTo(1);
      assertThat(night.count("invoices where loads = 1")).isEqualTo(RECORDS - 1);
      FaultTable.tried("results: one line of 50 MB", night);
    }
  }

  /** Writes the results with 50 MB of summary in the answer of INV-1. */
  private static void blowUp(byte[] results, Path file) throws Exception {
    String text = new String(results, StandardCharsets.UTF_8);
    int inside = text.indexOf("fung", text.indexOf("_INV-1\""));
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(text, 0, inside);
      for (int i = 0; i < 50; i++) {
        out.write("x".repeat(1_000_000));
      }
      out.write(text, inside, text.length() - inside);
    }
  }

  @EachDatabase(DatabaseVendor.POSTGRESQL)
  void areNeverFetchedFromAnotherHost(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database);
        ServerSocketChannel elsewhere = ServerSocketChannel.open()) {
      elsewhere.bind(new InetSocketAddress("127.0.0.1", 0)).configureBlocking(false);
      int port = ((InetSocketAddress) elsewhere.getLocalAddress()).getPort();
      night.simulator().faults(new Fault.ResultsElsewhere("http://127.0.0.1:" + port));
      night.more(RECORDS).untilDone();
      assertThat(night.count("invoices where loads = 1")).isEqualTo(RECORDS);
      assertThat(elsewhere.accept()).as("a connection to another host").isNull();
      FaultTable.tried("results_url names another host", night);
    }
  }

  @EachDatabase(DatabaseVendor.MARIADB)
  void thatNeverComeAreAskedForOnAndNothingIsPaidAgain(TestDatabase database) throws Exception {
    try (InvoiceNight night = night(database)) {
      night.simulator().faults(new Fault.ResultsHidden(40));
      ended(night);
      for (int i = 0; i < 40; i++) {
        night.minutes(2).tick();
      }
      assertThat(night.states()).containsExactly("ended");
      night.untilDone(Duration.ofMinutes(2));
      assertThat(night.accepted()).isEqualTo(1);
      FaultTable.tried("results: 404 for more than an hour after ended", night);
    }
  }
}
