package dev.caravan;

import dev.caravan.settings.Job;
import dev.caravan.settings.JobCatalog;
import dev.caravan.settings.Settings;
import java.util.Map;
import org.apache.camel.spi.PropertiesSource;
import org.jspecify.annotations.Nullable;

/**
 * What routes may name as {@code {{key}}}: a few settings, and {@code {{<job>.<key>}}} of each job.
 */
public final class LiveProperties implements PropertiesSource {
  private static final String NEVER = "0 0 0 1 1 ? 2099";

  private final Map<String, String> settings;
  private final JobCatalog jobs;

  public LiveProperties(Settings settings, JobCatalog jobs) {
    this.jobs = jobs;
    this.settings =
        Map.of(
            "anthropic.base-url", settings.anthropic().baseUrl().toString(),
            "http.connect-timeout", Long.toString(settings.anthropic().connectTimeout().toMillis()),
            "http.read-timeout", Long.toString(settings.anthropic().readTimeout().toMillis()),
            "http.create-timeout", Long.toString(settings.anthropic().createTimeout().toMillis()),
            "extract.fetch-size", Integer.toString(settings.extract().fetchSize()));
  }

  @Override
  public String getName() {
    return "caravan";
  }

  @Override
  public @Nullable String getProperty(String name) {
    int dot = name.indexOf('.');
    String value = settings.get(name);
    return value == null && dot > 0 && jobs.has(name.substring(0, dot))
        ? property(jobs.get(name.substring(0, dot)), name.substring(dot + 1))
        : value;
  }

  private static @Nullable String property(Job job, String key) {
    return switch (key) {
      case "cron" -> job.cron() == null ? NEVER : job.cron();
      case "report-cron" -> job.reportCron() == null ? NEVER : job.reportCron();
      case "zone" -> job.zone().getId();
      case "model" -> job.model();
      default -> job.params().get(key);
    };
  }
}
