package dev.caravan.settings;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One version of a job: its {@code job.properties} and the texts of its folder, read together. */
public record Job(
    String name,
    Path folder,
    List<String> key,
    @Nullable String cron,
    @Nullable String reportCron,
    ZoneId zone,
    String model,
    int maxTokens,
    int maxTokensCap,
    Thinking.Wanted thinking,
    @Nullable Effort effort,
    int maxRequests,
    WhenChanged whenChanged,
    Cache cache,
    boolean severalRows,
    List<String> mailTo,
    Map<String, String> params,
    String extractSql,
    String prompt,
    String schema,
    String loadSql,
    @Nullable String reportSql) {

  /** What happens to a finished record whose row has changed. */
  public enum WhenChanged {
    RESEND,
    SKIP
  }

  /** Time to live of the cached system part of the prompt. */
  public enum Cache {
    OFF,
    FIVE_MINUTES,
    ONE_HOUR
  }
}
