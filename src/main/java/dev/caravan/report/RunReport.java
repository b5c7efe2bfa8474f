package dev.caravan.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caravan.ledger.Reports;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is said of one run: the model of the mail, of {@code ./caravan report} and of its JSON.
 * Times carry the offset of the job's zone.
 */
public record RunReport(
    String job,
    long run,
    Kind kind,
    Tone tone,
    String subject,
    String verdict,
    OffsetDateTime dueAt,
    OffsetDateTime startedAt,
    @Nullable OffsetDateTime endedAt,
    @Nullable String took,
    Counts counts,
    List<Todo> todo,
    List<String> notices,
    ReportRows rows,
    List<Cause> causes,
    List<BatchLine> batches,
    Prompt prompt,
    Money money) {

  /** Longest detail shown of a request or a batch. */
  static final int MAX_DETAIL = 240;

  /** {@code interim} while something of the run is not over: one more report follows. */
  public enum Kind {
    INTERIM,
    FINAL
  }

  /** How the night went, at a glance. */
  public enum Tone {
    GOOD,
    QUIET,
    WAITING,
    REJECTED,
    ATTENTION
  }

  /**
   * Rows as extract counted them, requests {@code sent} to the API, and records by the state of
   * their newest request in the run.
   */
  public record Counts(
      long read,
      long skippedOpen,
      long skippedDone,
      long duplicateKeys,
      long badKeys,
      long records,
      long sent,
      long completed,
      long retried,
      long rejected,
      long open,
      long waiting) {

    @JsonProperty("skipped")
    public long skipped() {
      return skippedOpen + skippedDone;
    }
  }

  /** What a person must do now ({@code urgent}) or may do, with the commands that do it. */
  public record Todo(boolean urgent, String text, List<String> commands) {}

  /** Requests of one outcome (retry or rejected) and cause, with the first few as examples. */
  public record Cause(String outcome, String cause, long count, List<Example> examples) {

    static List<Cause> of(List<Reports.Example> rows) {
      Map<String, Cause> causes = new LinkedHashMap<>();
      for (Reports.Example row : rows) {
        causes
            .computeIfAbsent(
                row.outcome() + " " + row.cause(),
                key -> new Cause(row.outcome(), row.cause(), row.total(), new ArrayList<>()))
            .examples()
            .add(Example.of(row));
      }
      return List.copyOf(causes.values());
    }
  }

  /** One such request: the record's key and what was wrong, in one line. */
  public record Example(String key, String detail) {
    private static final int MAX_KEY = 120;

    private static Example of(Reports.Example row) {
      String detail = Objects.requireNonNullElse(row.detail(), "");
      return new Example(Words.line(row.recordKey(), MAX_KEY), Words.line(detail, MAX_DETAIL));
    }
  }

  /** A batch of the run; {@code took} is its age while it is running. */
  public record BatchLine(
      String nonce,
      @Nullable String msgbatchId,
      String state,
      boolean running,
      int requests,
      @Nullable OffsetDateTime createdAt,
      @Nullable OffsetDateTime endedAt,
      @Nullable OffsetDateTime expiresAt,
      @Nullable String took,
      @Nullable String detail) {}

  /**
   * The prompt versions of the run; {@code before} is the one of the run before, where that was
   * another.
   */
  public record Prompt(List<PromptVersion> versions, @Nullable PromptVersion before) {
    static Prompt of(List<Reports.Version> versions, Optional<Reports.Version> before) {
      boolean changed =
          !versions.isEmpty()
              && before
                  .filter(b -> versions.stream().noneMatch(v -> v.version().equals(b.version())))
                  .isPresent();
      return new Prompt(
          versions.stream().map(PromptVersion::of).toList(),
          changed ? before.map(PromptVersion::of).orElse(null) : null);
    }
  }

  /** How a prompt version did; {@code usdPerRecord} is null where nothing has a price. */
  public record PromptVersion(
      String version,
      long records,
      long completed,
      BigDecimal completedPercent,
      long invalidOutput,
      @Nullable BigDecimal usdPerRecord) {

    private static PromptVersion of(Reports.Version version) {
      BigDecimal records = BigDecimal.valueOf(version.records());
      BigDecimal cost = version.costUsd();
      return new PromptVersion(
          version.version(),
          version.records(),
          version.completed(),
          BigDecimal.valueOf(100 * version.completed()).divide(records, 1, RoundingMode.HALF_UP),
          version.invalid(),
          cost == null ? null : cost.divide(records, 6, RoundingMode.HALF_UP));
    }
  }

  /**
   * Tokens as billed ({@code thinkingTokens} are a part of the output), and USD; {@code listUsd} is
   * the real-time price of the same usage. Amounts are null where no answer has a price, never 0;
   * {@code unpriced} answers are in none of them.
   */
  public record Money(
      long answers,
      long inputTokens,
      long cacheWriteTokens,
      long cacheReadTokens,
      long outputTokens,
      long thinkingTokens,
      @Nullable BigDecimal costUsd,
      @Nullable BigDecimal listUsd,
      @Nullable Integer savedPercent,
      long unpriced,
      List<String> unpricedCauses) {

    static Money of(Reports.Spent spent, List<String> unpricedCauses) {
      boolean priced = spent.answers() > spent.unpriced();
      BigDecimal cost = priced ? spent.costUsd() : null;
      BigDecimal list = priced && spent.listUsd().signum() > 0 ? spent.listUsd() : null;
      return new Money(
          spent.answers(),
          spent.inputTokens(),
          spent.cacheWriteTokens(),
          spent.cacheReadTokens(),
          spent.outputTokens(),
          spent.thinkingTokens(),
          cost,
          list,
          savedPercent(cost, list),
          spent.unpriced(),
          unpricedCauses);
    }

    private static @Nullable Integer savedPercent(
        @Nullable BigDecimal cost, @Nullable BigDecimal list) {
      return cost == null || list == null
          ? null
          : list.subtract(cost)
              .movePointRight(2)
              .divide(list, 0, RoundingMode.HALF_UP)
              .intValueExact();
    }
  }
}
