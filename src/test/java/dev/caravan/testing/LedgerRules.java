package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.simulator.Books;
import dev.caravan.simulator.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The rules that no fault may break, asked of the tables, the kept files and the simulator's books;
 * shares no code with what it checks.
 */
public final class LedgerRules {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());
  private static final List<String> UNKNOWN_YET = List.of("submitting", "doubt", "held", "lost");

  private final TestDatabase database;
  private final Path home;
  private final Simulator simulator;

  public LedgerRules(TestDatabase database, Path home, Simulator simulator) {
    this.database = database;
    this.home = home;
    this.simulator = simulator;
  }

  /** Fails with the rows that break a rule. */
  public void check() throws IOException {
    oneOpenRequestPerRecord();
    oneOutcomePerRequest();
    oneNewestRequestPerRecord();
    nothingUnknownAtTheApi();
    appliedExactlyOnce();
    costAsRecomputed();
  }

  /** R1. */
  private void oneOpenRequestPerRecord() {
    none(
        "select nonce, n, outcome, open_key from caravan_request"
            + " where (outcome is null and open_key is null)"
            + " or (outcome is not null and open_key is not null)");
    none(
        "select job, key_hash, count(*) from caravan_request where outcome is null"
            + " group by job, key_hash having count(*) > 1");
    theDatabaseRefusesASecondOpenRequest();
    none(
        "select nonce, n from caravan_request where open_key is not null"
            + " and open_key <> concat(job, ':', key_hash)");
  }

  private void theDatabaseRefusesASecondOpenRequest() {
    String open =
        "insert into caravan_request (nonce, n, run_id, pass, job, record_key, key_hash, row_hash,"
            + " row_values, submission, attempt, custom_id, open_key) values ('rules222', %1$d, 0,"
            + " 1, 'rules', 'k', 'k', 'r', '{}', %1$d, 1, '', 'rules:k')";
    database.execute(open.formatted(1));
    try {
      assertThatThrownBy(() -> database.execute(open.formatted(2)))
          .hasMessageMatching("(?is).*caravan_request_open.*");
    } finally {
      database.execute("delete from caravan_request where nonce = 'rules222'");
    }
  }

  /** R2. */
  private void oneOutcomePerRequest() {
    none(
        "select b.nonce, b.requests, count(r.nonce) as rows_of_it from caravan_batch b"
            + " left join caravan_request r on r.nonce = b.nonce where b.state = 'collected'"
            + " group by b.nonce, b.requests"
            + " having count(r.nonce) <> b.requests"
            + " or sum(case when r.outcome is null then 1 else 0 end) > 0");
    none(
        "select nonce, n, outcome from caravan_request"
            + " where outcome not in ('completed', 'retry', 'rejected')");
    none(
        "select nonce, n from caravan_request r where not exists"
            + " (select 1 from caravan_batch b where b.nonce = r.nonce)");
  }

  private void oneNewestRequestPerRecord() {
    none(
        "select job, key_hash, count(*) from caravan_record group by job, key_hash having count(*)"
            + " > 1");
    assertThat(database.count("select count(*) from caravan_record"))
        .isEqualTo(
            database.count(
                "select count(*) from (select distinct job, key_hash from caravan_request) k"));
  }

  /** R3, R5: whatever the API took of ours has a row, or is still looked for. */
  private void nothingUnknownAtTheApi() {
    for (Books.Batch batch : simulator.books().batches()) {
      if (batch.foreign()) {
        continue;
      }
      String nonce = simulator.customIds(batch.id()).get(0).split("_", -1)[1];
      var rows =
          database.query("select state, msgbatch_id from caravan_batch where nonce = ?", nonce);
      assertThat(rows).as("the ledger's row of %s", batch.id()).hasSize(1);
      assertThat(
              batch.id().equals(rows.get(0).get("msgbatch_id"))
                  || UNKNOWN_YET.contains(String.valueOf(rows.get(0).get("state"))))
          .as("%s is known to the ledger: %s", batch.id(), rows)
          .isTrue();
    }
  }

  /** R4: a row of the target was changed as often as an answer of it was accepted. */
  private void appliedExactlyOnce() {
    none(
        "select i.invoice_no, i.loads, count(r.nonce) as accepted from invoices i"
            + " left join caravan_request r on r.record_key = i.invoice_no"
            + " and r.outcome = 'completed' and r.cause is null"
            + " group by i.invoice_no, i.loads having i.loads <> count(r.nonce)");
  }

  /** R6. */
  private void costAsRecomputed() throws IOException {
    Map<String, BigDecimal> booked = new TreeMap<>();
    Map<String, BigDecimal> recomputed = new TreeMap<>();
    for (Map<String, Object> row :
        database.query(
            "select r.nonce, r.n, r.result_offset, r.result_length, r.cost_usd, r.unpriced,"
                + " b.spool, b.created_at from caravan_request r join caravan_batch b on b.nonce ="
                + " r.nonce where r.result_offset is not null or r.cost_usd is not null")) {
      String name = row.get("nonce") + "/" + row.get("n");
      BigDecimal cost = (BigDecimal) row.get("cost_usd");
      if (row.get("unpriced") != null) {
        assertThat(cost).as("an unpriced answer costs nothing known: %s", row).isNull();
        continue;
      }
      booked.put(name, cost == null ? BigDecimal.ZERO : cost.stripTrailingZeros());
      recomputed.put(name, cost(row).stripTrailingZeros());
    }
    assertThat(booked).isEqualTo(recomputed);
  }

  private BigDecimal cost(Map<String, Object> row) throws IOException {
    assertThat(row.get("result_offset")).as("a cost comes from a line: %s", row).isNotNull();
    Path file =
        home.resolve("data/spool/" + row.get("spool") + "/" + row.get("nonce") + ".results.jsonl");
    JsonNode message;
    try (InputStream in =
        Files.exists(file)
            ? Files.newInputStream(file)
            : new GZIPInputStream(Files.newInputStream(Path.of(file + ".gz")))) {
      in.skipNBytes(number(row, "result_offset"));
      byte[] line = in.readNBytes((int) number(row, "result_length"));
      message = JSON.readTree(line).at("/result/message");
    }
    JsonNode usage = message.path("usage");
    boolean silent = usage.path("output_tokens").asLong() == 0;
    if (usage.isMissingNode() || silent && message.path("stop_reason").asText().equals("refusal")) {
      return BigDecimal.ZERO;
    }
    BigDecimal geo =
        new BigDecimal(usage.path("inference_geo").asText().equals("us") ? "1.1" : "1");
    String day = String.valueOf(row.get("created_at")).substring(0, 10);
    return cost(message.path("model").asText(), day, usage)
        .multiply(geo)
        .setScale(12, RoundingMode.HALF_UP);
  }

  private BigDecimal cost(String model, String day, JsonNode usage) throws IOException {
    long fresh = usage.path("input_tokens").asLong();
    long written = usage.path("cache_creation_input_tokens").asLong();
    long hour = usage.at("/cache_creation/ephemeral_1h_input_tokens").asLong();
    long read = usage.path("cache_read_input_tokens").asLong();
    JsonNode tier = tier(model, day, fresh + written + read);
    return rate(tier, "input", fresh)
        .add(rate(tier, "cache-write-1h", hour))
        .add(rate(tier, "cache-write-5m", written - hour))
        .add(rate(tier, "cache-read", read))
        .add(rate(tier, "output", usage.path("output_tokens").asLong()))
        .divide(new BigDecimal("2000000"), 12, RoundingMode.HALF_UP);
  }

  private static long number(Map<String, Object> row, String column) {
    return Long.parseLong(String.valueOf(row.get(column)));
  }

  private static BigDecimal rate(JsonNode tier, String name, long tokens) {
    return new BigDecimal(tier.path(name).asText()).multiply(BigDecimal.valueOf(tokens));
  }

  private JsonNode tier(String model, String day, long prompt) throws IOException {
    for (JsonNode tier : period(model, day).path("tiers")) {
      if (tier.path("up-to").asLong(Long.MAX_VALUE) >= prompt) {
        return tier;
      }
    }
    throw new AssertionError("no tier of " + model + " for " + prompt);
  }

  /** The last period of the model that began on or before the day. */
  private JsonNode period(String model, String day) throws IOException {
    String text = Files.readString(home.resolve("config/prices.yaml"));
    JsonNode prices =
        JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    for (JsonNode known : prices.path("models")) {
      if (model.startsWith(known.path("id").asText())) {
        return known
            .path("prices")
            .valueStream()
            .filter(period -> period.path("from").asText().compareTo(day) <= 0)
            .reduce((older, newer) -> newer)
            .orElseThrow(() -> new AssertionError("no price of " + model + " on " + day));
      }
    }
    throw new AssertionError("no price of " + model);
  }

  private void none(String sql) {
    assertThat(database.query(sql)).as(sql).isEmpty();
  }
}
