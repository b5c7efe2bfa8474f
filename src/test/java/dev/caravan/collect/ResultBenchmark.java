package dev.caravan.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.ledger.Ledger;
import dev.caravan.ledger.Schemas;
import dev.caravan.ledger.Vendor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a result line costs on its way to an outcome, the database and Camel left out. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ResultBenchmark {
  private static final int LINES = 1000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LINE =
      """
      {"custom_id":"invoices_abcdefgh_1_INV-1","result":{"type":"succeeded","message":{"id":"msg_1",\
      "type":"message","role":"assistant","model":"claude-haiku-5-5","content":[{"type":"text",\
      "text":"{\\"department\\":\\"IT\\",\\"amount\\":1245.00,\\"summary\\":\\"Cloud hosting\\",\
      \\"approval_required\\":false}"}],"stop_reason":"end_turn","stop_sequence":null,\
      "usage":{"input_tokens":410,"output_tokens":38,"service_tier":"batch"}}}}
      """;

  private final byte[] file = LINE.repeat(LINES).getBytes(StandardCharsets.UTF_8);
  private final JsonNode message = message();
  private final Answers answers = answers();

  private static JsonNode message() {
    try {
      return JSON.readTree(LINE).path("result").path("message");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answers answers() {
    JdbcDataSource memory = new JdbcDataSource();
    memory.setUrl("jdbc:h2:mem:benchmark;DB_CLOSE_DELAY=-1");
    Ledger ledger = new Ledger(memory, Vendor.H2, null);
    ledger.sql("create table caravan_schema (hash varchar(64) primary key, text clob)").update();
    Schemas schemas = new Schemas(ledger);
    try {
      schemas.keep("hash", Files.readString(Path.of("config/jobs/invoices/output.schema.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answers(schemas);
  }

  /** Lines found in the file, decoded, and parsed. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public int linesParsed() throws IOException {
    int succeeded = 0;
    try (FileLines lines = new FileLines(new ByteArrayInputStream(file), 10_000)) {
      for (ResultLine line = lines.next(); line != null; line = lines.next()) {
        succeeded += JSON.readTree(line.text()).path("result").path("type").isTextual() ? 1 : 0;
      }
    }
    return succeeded;
  }

  /** The text of an answer parsed and held against the job's schema. */
  @Benchmark
  public JsonNode answerValidated() throws Answers.Misfit {
    return answers.read(message, "hash");
  }
}
