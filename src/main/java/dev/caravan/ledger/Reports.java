package dev.caravan.ledger;

import dev.caravan.batch.Run;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;

/** What the ledger says of one run as a whole; every figure of a report comes from here. */
public final class Reports {
  private static final String OPEN = "open";

  /**
   * Most requests are the first of their record: the others are few, and looked up one by one
   * whatever the database thinks of their number. The sum keeps it from looking for them in the
   * index of all submissions of all nights.
   */
  private static final String OLDER =
      """
       from (
        select newer.key_hash, (
          select coalesce(r.outcome, 'open') from caravan_request r
          where r.job = newer.job and r.key_hash = newer.key_hash
            and r.submission = newer.submission - 1 and r.run_id = newer.run_id) as outcome
        from caravan_request newer
        where newer.run_id = :run and newer.submission + 0 > 1) r
      where r.outcome is not null
      """;

  /** Earlier runs that a prompt version is judged by. */
  private static final int EARLIER_RUNS = 10;

  /** Whether a request has had an answer, priced or not. */
  private static final String ANSWERED = "(r.output_tokens is not null or r.unpriced is not null)";

  private final Ledger ledger;

  public Reports(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Records of a run by the state of their newest request within it; {@code retried} had more than
   * one submission in the run.
   */
  public record Records(
      long total, long completed, long rejected, long open, long waiting, long retried) {}

  /** Tokens and USD of a run; {@code unpriced} answers have no price and are in no amount. */
  public record Spent(
      long answers,
      long inputTokens,
      long cacheWriteTokens,
      long cacheReadTokens,
      long outputTokens,
      long thinkingTokens,
      BigDecimal costUsd,
      BigDecimal listUsd,
      long unpriced) {
    private static final Spent NOTHING =
        new Spent(0, 0, 0, 0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO, 0);

    private Spent plus(Spent more) {
      return new Spent(
          answers + more.answers,
          inputTokens + more.inputTokens,
          cacheWriteTokens + more.cacheWriteTokens,
          cacheReadTokens + more.cacheReadTokens,
          outputTokens + more.outputTokens,
          thinkingTokens + more.thinkingTokens,
          costUsd.add(more.costUsd),
          listUsd.add(more.listUsd),
          unpriced + more.unpriced);
    }
  }

  /**
   * A run as a whole: {@code sent} requests whose batch is known to the API, why answers have no
   * price, what went wrong, how many answers had characters replaced, when the first one came, and
   * ids of batches with requests that were paid although another one answered them.
   */
  public record Summary(
      Records records,
      long sent,
      Spent spent,
      List<Unpriced> unpricedCauses,
      List<Example> examples,
      List<String> paidTwice,
      long replaced,
      @Nullable Instant firstAnswer) {}

  /** Why so many answers of a run have no price. */
  public record Unpriced(String cause, long answers) {}

  /** Requests of a run with one outcome; {@code again} follow another one of their record. */
  private record Totals(
      String outcome,
      long requests,
      long again,
      long sent,
      long paidTwice,
      long replaced,
      @Nullable Instant firstAnswer,
      Spent spent) {}

  /** A request that went wrong, as an example of the {@code total} with this outcome and cause. */
  public record Example(
      String outcome, String cause, long total, String recordKey, @Nullable String detail) {}

  /**
   * Records that were rendered with a prompt version, those completed, answers that did not fit the
   * schema, and what all of it cost; null where nothing has a price.
   */
  public record Version(
      String version, long records, long completed, long invalid, @Nullable BigDecimal costUsd) {}

  /** The prompt versions of a run, the one with most records first. */
  public List<Version> versions(long runId) {
    return versions(List.of(runId));
  }

  /** The version that the job's last run before this one had, as its newest runs tell of it. */
  public Optional<Version> versionBefore(Run run) {
    List<Map.Entry<Long, String>> earlier = earlier(run);
    if (earlier.isEmpty()) {
      return Optional.empty();
    }
    String version = earlier.get(0).getValue();
    List<Long> runs =
        earlier.stream().filter(e -> e.getValue().equals(version)).map(Map.Entry::getKey).toList();
    return versions(runs).stream().filter(v -> v.version().equals(version)).findFirst();
  }

  /** Whole runs that sent something, with their version, newest first. */
  private List<Map.Entry<Long, String>> earlier(Run run) {
    return ledger
        .sql(
            """
            select id, prompt_version from caravan_run run
            where job = :job and due_at < :due and asked = false and prompt_version is not null
              and exists (select 1 from caravan_request r where r.run_id = run.id)
            order by due_at desc limit :most
            """)
        .param("job", run.job())
        .param("due", Utc.of(run.dueAt()))
        .param("most", EARLIER_RUNS)
        .query((row, i) -> Map.entry(row.getLong("id"), row.getString("prompt_version")))
        .list();
  }

  private List<Version> versions(List<Long> runs) {
    return ledger
        .sql(
            """
            select prompt_version, count(distinct key_hash) as records,
                   count(distinct case when outcome = 'completed' then key_hash end) as completed,
                   sum(case when cause = 'invalid_output' then 1 else 0 end) as invalid,
                   sum(cost_usd) as cost_usd
            from caravan_request
            where run_id in (:runs) and prompt_version is not null
            group by prompt_version order by records desc, prompt_version
            """)
        .param("runs", runs)
        .query(
            (row, i) ->
                new Version(
                    row.getString("prompt_version"),
                    row.getLong("records"),
                    row.getLong("completed"),
                    row.getLong("invalid"),
                    row.getBigDecimal("cost_usd")))
        .list();
  }

  public Records records(long runId) {
    return records(runId, totals(runId));
  }

  /** Everything a report tells; what did not happen in the run is not looked for. */
  public Summary summary(long runId, int examples) {
    List<Totals> totals = totals(runId);
    Spent spent = totals.stream().map(Totals::spent).reduce(Spent.NOTHING, Spent::plus);
    boolean wrong =
        totals.stream()
            .anyMatch(t -> t.outcome().equals("retry") || t.outcome().equals("rejected"));
    return new Summary(
        records(runId, totals),
        totals.stream().mapToLong(Totals::sent).sum(),
        spent,
        spent.unpriced() == 0 ? List.of() : unpricedCauses(runId),
        wrong ? examples(runId, examples) : List.of(),
        totals.stream().allMatch(t -> t.paidTwice() == 0) ? List.of() : paidTwice(runId),
        totals.stream().mapToLong(Totals::replaced).sum(),
        totals.stream()
            .map(Totals::firstAnswer)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null));
  }

  private Records records(long runId, List<Totals> totals) {
    Map<String, Long> newest = new HashMap<>();
    totals.forEach(t -> newest.put(t.outcome(), t.requests()));
    boolean again = totals.stream().anyMatch(t -> t.again() > 0);
    if (again) {
      olderByOutcome(runId).forEach((outcome, n) -> newest.merge(outcome, -n, Long::sum));
    }
    return new Records(
        newest.values().stream().mapToLong(Long::longValue).sum(),
        newest.getOrDefault("completed", 0L),
        newest.getOrDefault("rejected", 0L),
        newest.getOrDefault(OPEN, 0L),
        newest.getOrDefault("retry", 0L),
        again ? retried(runId) : 0);
  }

  /** One reading of a run's requests. */
  private List<Totals> totals(long runId) {
    return ledger
        .sql(
            """
            select coalesce(r.outcome, 'open') as outcome,
                   count(*) as requests,
                   sum(case when r.submission > 1 then 1 else 0 end) as again,
                   sum(case when b.msgbatch_id is not null and r.custom_id <> ''
                            then 1 else 0 end) as sent,
                   sum(case when %1$s
                             and r.cause in ('paid_twice', 'superseded')
                            then 1 else 0 end) as paid_twice,
                   count(r.replaced) as replaced,
                   min(r.answered_at) as first_answer,
                   sum(case when %1$s then 1 else 0 end) as answers,
                   coalesce(sum(r.input_tokens), 0) as input_tokens,
                   coalesce(sum(coalesce(r.cache_write_5m, 0) + coalesce(r.cache_write_1h, 0)), 0)
                     as cache_write,
                   coalesce(sum(r.cache_read), 0) as cache_read,
                   coalesce(sum(r.output_tokens), 0) as output_tokens,
                   coalesce(sum(r.thinking_tokens), 0) as thinking_tokens,
                   coalesce(sum(r.cost_usd), 0) as cost_usd, coalesce(sum(r.list_usd), 0) as list_usd,
                   sum(case when %1$s and r.cost_usd is null then 1 else 0 end) as unpriced
            from caravan_request r left join caravan_batch b on b.nonce = r.nonce
            where r.run_id = :run
            group by r.outcome
            """
                .formatted(ANSWERED))
        .param("run", runId)
        .query(
            (row, i) ->
                new Totals(
                    row.getString("outcome"),
                    row.getLong("requests"),
                    row.getLong("again"),
                    row.getLong("sent"),
                    row.getLong("paid_twice"),
                    row.getLong("replaced"),
                    Utc.get(row, "first_answer"),
                    spent(row)))
        .list();
  }

  private static Spent spent(ResultSet row) throws SQLException {
    return new Spent(
        row.getLong("answers"),
        row.getLong("input_tokens"),
        row.getLong("cache_write"),
        row.getLong("cache_read"),
        row.getLong("output_tokens"),
        row.getLong("thinking_tokens"),
        row.getBigDecimal("cost_usd"),
        row.getBigDecimal("list_usd"),
        row.getLong("unpriced"));
  }

  /** Requests of a run that another one of the same run followed. */
  private Map<String, Long> olderByOutcome(long runId) {
    Map<String, Long> counts = new HashMap<>();
    ledger
        .sql("select r.outcome, count(*) as n" + OLDER + " group by r.outcome")
        .param("run", runId)
        .query(
            row -> {
              counts.put(row.getString("outcome"), row.getLong("n"));
            });
    return counts;
  }

  private long retried(long runId) {
    return ledger
        .sql("select count(distinct r.key_hash)" + OLDER)
        .param("run", runId)
        .query(Long.class)
        .single();
  }

  /** Why answers of a run have no price, most frequent first. */
  private List<Unpriced> unpricedCauses(long runId) {
    return ledger
        .sql(
            """
            select unpriced, count(*) as answers from (
              select coalesce(r.unpriced, concat('no price for ', r.model), 'no price') as unpriced
              from caravan_request r
              where r.run_id = :run and r.cost_usd is null and %s) causes
            group by unpriced
            order by answers desc, unpriced
            """
                .formatted(ANSWERED))
        .param("run", runId)
        .query((row, i) -> new Unpriced(row.getString("unpriced"), row.getLong("answers")))
        .list();
  }

  /**
   * Requests that were retried and records that are rejected: per outcome and cause the first
   * {@code examples}, most frequent cause first.
   */
  private List<Example> examples(long runId, int examples) {
    return ledger
        .sql(
            """
            select * from (
              select outcome, cause, record_key, detail,
                     row_number() over (partition by outcome, cause order by record_key, nonce, n)
                       as place,
                     count(*) over (partition by outcome, cause) as total
              from caravan_request r
              where run_id = :run and cause <> 'paid_twice'
                and (outcome = 'retry' or outcome = 'rejected' and not exists (
                  select 1 from caravan_request newer
                  where newer.job = r.job and newer.key_hash = r.key_hash
                    and newer.submission > r.submission and newer.run_id = r.run_id))) caused
            where place <= :examples
            order by outcome, total desc, cause, place
            """)
        .param("run", runId)
        .param("examples", examples)
        .query(
            (row, i) ->
                new Example(
                    row.getString("outcome"),
                    row.getString("cause"),
                    row.getLong("total"),
                    row.getString("record_key"),
                    row.getString("detail")))
        .list();
  }

  /** Ids of batches with requests of this run that were paid although another answered them. */
  public List<String> paidTwice(long runId) {
    return ledger
        .sql(
            """
            select distinct coalesce(b.msgbatch_id, r.nonce) as id
            from caravan_request r join caravan_batch b on b.nonce = r.nonce
            where r.run_id = :run and %s
              and r.cause in ('paid_twice', 'superseded')
            order by id
            """
                .formatted(ANSWERED))
        .param("run", runId)
        .query(String.class)
        .list();
  }

  /** A job's {@code report.sql} for a run; {@code started} is its parameter of that name. */
  public record Query(String sql, long run, Instant started, ZoneId zone, Duration limit) {}

  /**
   * Runs a {@code report.sql} with {@code :run} and {@code :started}; each row goes to {@code rows}
   * as texts by lower-case column label, in the order of the columns.
   *
   * @throws org.springframework.dao.QueryTimeoutException when it takes longer than its limit
   * @throws org.springframework.dao.DataAccessException when the database refuses the statement
   */
  public void rows(Query query, Consumer<Map<String, @Nullable String>> rows) {
    Instant started = query.started().truncatedTo(ChronoUnit.SECONDS);
    StreamedQuery streamed =
        new StreamedQuery(
            query.sql(), Map.of("run", query.run()), Map.of("started", started), query.zone());
    try {
      ledger.stream(streamed, query.limit(), row -> rows.accept(texts(row)));
    } catch (DataAccessException e) {
      throw SqlFault.waited(e) ? new QueryTimeoutException(SqlFault.message(e), e) : e;
    }
  }

  /** Tells the database of many new requests, before a report joins them. */
  public void analyze() {
    ledger.analyze("caravan_request");
  }

  private static Map<String, @Nullable String> texts(ResultSet row) throws SQLException {
    ResultSetMetaData columns = row.getMetaData();
    Map<String, @Nullable String> texts = new LinkedHashMap<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      texts.put(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), row.getString(i));
    }
    return texts;
  }
}
