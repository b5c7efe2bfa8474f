package dev.caravan.extract;

import dev.caravan.batch.Claim;
import dev.caravan.batch.RecordKey;
import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.SqlText;
import dev.caravan.spool.RequestLine;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.JdbcTemplate;

/** The requests a run would send, without claiming or sending anything. */
public final class DryRun {
  private final JdbcTemplate source;
  private final JobCatalog jobs;
  private final ProducerTemplate producer;
  private final Clock clock;

  public DryRun(DataSource reader, JobCatalog jobs, ProducerTemplate producer, Clock clock) {
    this.source = new JdbcTemplate(reader);
    this.jobs = jobs;
    this.producer = producer;
    this.clock = clock;
  }

  /** Shows the params of up to {@code limit} records, one JSON text each; how many there were. */
  public int show(String name, int limit, Consumer<String> out) {
    Job job = jobs.get(name);
    Extraction extraction = Extraction.rehearsal(job);
    LocalDateTime due = LocalDateTime.ofInstant(clock.instant(), job.zone());
    SqlText sql =
        SqlText.statements("config/jobs/" + name + "/extract.sql", job.extractSql()).get(0);
    Object[] values =
        sql.parameters().stream()
            .map(p -> p.equals("night") ? due.toLocalDate() : (Object) due)
            .toArray();
    source.setMaxRows(limit);
    var rows = source.query(sql.jdbc(), new ColumnMapRowMapper(), values);
    rows.forEach(row -> out.accept(params(JobRows.of(job, row), extraction)));
    return rows.size();
  }

  private String params(Map<String, @Nullable Object> row, Extraction extraction) {
    var key = RecordKey.of(extraction.job().key(), row);
    if (key.isEmpty()) {
      return "rejected (null_key): " + row.keySet();
    }
    Claim claim = new Claim(key.get(), row, "", "", 0, 1, 1, null);
    Exchange done =
        producer.send(
            "direct:extract-record",
            exchange -> {
              exchange.setVariable("extraction", extraction);
              exchange.setVariable("job", extraction.job().name());
              exchange.getMessage().setBody(claim);
            });
    Object body = done.getMessage().getBody();
    return body instanceof RequestLine line
        ? key.get().text() + "  " + line.params()
        : key.get().text() + "  " + body;
  }
}
