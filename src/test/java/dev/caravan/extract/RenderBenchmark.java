package dev.caravan.extract;

import dev.caravan.batch.Claim;
import dev.caravan.batch.RecordKey;
import dev.caravan.batch.RowHash;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobReader;
import dev.caravan.settings.PricesReader;
import dev.caravan.spool.RequestLine;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a row costs on its way to a request line, the database and Camel left out. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RenderBenchmark {
  private final Job job = JobReader.read(Path.of(""), "invoices");
  private final Extraction extraction = Extraction.rehearsal(job);
  private final Prompts prompts = new Prompts();
  private final RequestWriter writer =
      new RequestWriter(
          PricesReader.read(Path.of("config/prices.yaml")), 32_000_000, Clock.systemUTC());
  private final Map<String, Object> row = row();

  private static Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("invoice_no", "INV-4711");
    row.put("vendor", "Vendor 17");
    row.put("description", "cloud infrastructure usage, region south; ".repeat(15));
    row.put("description_length", 630);
    row.put("amount", new BigDecimal("1245.50"));
    row.put("received_on", LocalDate.of(2026, 11, 20));
    return row;
  }

  /** The key, and the hash by which a changed row is known. */
  @Benchmark
  public String keyAndRowHash() {
    return RecordKey.of(job.key(), row).orElseThrow().hash() + RowHash.of(row);
  }

  /** prompt.md filled in, and the Messages parameters around it. */
  @Benchmark
  public RequestLine promptAndParameters() {
    Claim claim = new Claim(new RecordKey("INV-4711", "0"), Map.of(), "", "{}", 1, 1, 1, null);
    return writer.write(prompts.render(row, extraction), job.model(), claim, extraction);
  }
}
