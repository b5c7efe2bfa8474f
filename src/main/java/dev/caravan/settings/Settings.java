package dev.caravan.settings;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every setting that is not one job's, typed and checked; one nested record per section. */
public record Settings(
    Path home,
    Database target,
    Database source,
    Anthropic anthropic,
    Http http,
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

  /** The same with other logins of the databases. */
  public Settings with(Database target, Database source) {
    return new Settings(
        home,
        target,
        source,
        anthropic,
        http,
        smtp,
        mail,
        extract,
        submit,
        poll,
        deadline,
        retry,
        collect,
        load,
        report,
        spool,
        misfireWithin,
        keepTexts,
        heartbeat,
        healthGrace);
  }

  /** A database; {@code schema} is that of the ledger and is null for the connection's own. */
  public record Database(
      String url, @Nullable String user, Secret password, @Nullable String schema) {

    /** How people know it, without a password. */
    public String shown() {
      String[] byDefault = Key.DB_URL.byDefault().split("<home>", 2);
      return url.startsWith(byDefault[0]) && url.endsWith(byDefault[1])
          ? "embedded database data/ledger (CARAVAN_DB_URL is not set)"
          : "database " + Masked.of(url, this);
    }
  }

  /** The API: key, base URL without a trailing slash, version header, timeouts. */
  public record Anthropic(
      Secret apiKey,
      URI baseUrl,
      String version,
      Duration connectTimeout,
      Duration readTimeout,
      Duration createTimeout) {}

  /**
   * How HTTP leaves this host: a proxy for https and one for http addresses, the hosts that need
   * none, and certificates trusted beside those of the JDK.
   */
  public record Http(
      @Nullable Proxy forHttps,
      @Nullable Proxy forHttp,
      NoProxy noProxy,
      List<X509Certificate> trusted) {

    /** The proxy on the way to an address; null when it is reached directly. */
    public @Nullable Proxy proxy(String scheme, String host, int port) {
      if (noProxy.covers(host, port)) {
        return null;
      }
      return scheme.equals("https") ? forHttps : forHttp;
    }
  }

  /** An HTTP proxy; {@code from} is the setting or variable that names it. */
  public record Proxy(String from, String host, int port, @Nullable String user, Secret password) {
    @Override
    public String toString() {
      return "http://" + host + ":" + port;
    }
  }

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

  /**
   * Sizes of a batch (requests, bytes), sends per record, how doubt is settled, and when a job that
   * nothing is accepted of is paused.
   */
  public record Submit(
      int maxRequests,
      long maxBytes,
      long maxRequestBytes,
      int queueLimit,
      int attempts,
      List<Duration> doubtLooks,
      Duration heldAfter,
      Duration giveUp) {}

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
