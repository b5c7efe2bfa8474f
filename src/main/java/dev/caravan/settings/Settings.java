package dev.caravan.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every setting that is not one job's, typed and checked; one nested record per section. */
public record Settings(
    Path home,
    Database target,
    Database source,
    Anthropic anthropic,
    Smtp smtp,
    Mail mail,
    Extract extract,
    Submit submit,
    Poll poll,
    Deadline deadline,
    Retry retry,
    Collect collect,
    Load load,
    Report report,
    Spool spool,
    Duration misfireWithin,
    Duration keepTexts,
    Secret heartbeat,
    Duration healthGrace) {

  /** A database; {@code schema} is that of the ledger and is null for the connection's own. */
  public record Database(
      String url, @Nullable String user, Secret password, @Nullable String schema) {}

  /** The API: key, base URL without a trailing slash, version header, timeouts. */
  public record Anthropic(
      Secret apiKey,
      URI baseUrl,
      String version,
      Duration connectTimeout,
      Duration readTimeout,
      Duration createTimeout) {}

  /** The mail server; {@code host} is null where no mail is to be sent. */
  public record Smtp(
      @Nullable String host, int port, @Nullable String user, Secret password, StartTls startTls) {}

  /** When an SMTP connection is secured: by STARTTLS or not at all, or from the first byte. */
  public enum StartTls {
    OFF,
    REQUIRED,
    SMTPS
  }

  /** Sender, and receivers of alerts and of the reports of jobs without a {@code mail.to}. */
  public record Mail(String from, List<String> to) {}

  /** Rows per chunk and per fetch, and how many chunks go on at a time. */
  public record Extract(int chunk, int fetchSize, int workers) {}

  /** Sizes of a batch (requests, bytes), sends per record, and how doubt is settled. */
  public record Submit(
      int maxRequests,
      long maxBytes,
      long maxRequestBytes,
      int queueLimit,
      int attempts,
      List<Duration> doubtLooks,
      Duration heldAfter) {}

  /** When a running batch is looked at. */
  public record Poll(Duration first, Duration max, Duration lastHour) {}

  /** Ages of a batch at which it is alerted and canceled. */
  public record Deadline(Duration alert, Duration cancel) {}

  /** Exponential backoff between two sends of a record. */
  public record Retry(Duration first, double factor, Duration max) {
    /** Wait before send number {@code attempt + 1}, without jitter. */
    public Duration after(int attempt) {
      double millis = first.toMillis() * Math.pow(factor, Math.max(0, attempt - 1));
      return millis >= max.toMillis() ? max : Duration.ofMillis((long) millis);
    }
  }

  /** Whether collected batches are deleted at the API. */
  public record Collect(boolean deleteAtApi) {}

  /** Answers per load transaction, and how many of these go on at a time. */
  public record Load(int chunk, int workers) {}

  /** How long {@code report.sql} may take, and how many of its rows a mail shows. */
  public record Report(Duration timeout, int rows) {}

  /** Where request and result lines are kept, how long, and the bytes that must stay free. */
  public record Spool(Path dir, Duration keep, long minFree) {}
}
