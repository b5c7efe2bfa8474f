package dev.caravan.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every key of {@code config/application.properties}: its default, and what its value must be. What
 * it means is said there, above it.
 */
enum Key {
  ANTHROPIC_API_KEY("anthropic.api-key", Kind.SECRET, ""),
  ANTHROPIC_API_KEY_FILE("anthropic.api-key-file", Kind.PATH, ""),
  ANTHROPIC_BASE_URL("anthropic.base-url", Kind.TEXT, "https://api.anthropic.com"),
  ANTHROPIC_VERSION("anthropic.version", Kind.TEXT, "2026-10-21"),

  DB_URL("db.url", Kind.TEXT, "jdbc:h2:file:<home>/data/ledger;AUTO_SERVER=TRUE"),
  DB_USER("db.user", Kind.TEXT, ""),
  DB_PASSWORD("db.password", Kind.SECRET, ""),
  DB_SCHEMA("db.schema", Kind.TEXT, ""),
  SOURCE_URL("source.url", Kind.TEXT, ""),
  SOURCE_USER("source.user", Kind.TEXT, ""),
  SOURCE_PASSWORD("source.password", Kind.SECRET, ""),

  SMTP_HOST("smtp.host", Kind.TEXT, ""),
  SMTP_PORT("smtp.port", Kind.INTEGER, "587", "1", "65535"),
  SMTP_USER("smtp.user", Kind.TEXT, ""),
  SMTP_PASSWORD("smtp.password", Kind.SECRET, ""),
  SMTP_STARTTLS("smtp.starttls", Kind.CHOICE, "off", "off", "required", "smtps"),
  MAIL_FROM("mail.from", Kind.MAIL, "caravan@localhost"),
  MAIL_TO("mail.to", Kind.MAIL, ""),

  HEARTBEAT_URL("heartbeat.url", Kind.SECRET, ""),
  HEALTH_GRACE("health.grace", Kind.DURATION, "30m", "1m", "1d"),

  EXTRACT_CHUNK("extract.chunk", Kind.INTEGER, "1000", "1", "10000"),
  EXTRACT_FETCH_SIZE("extract.fetch-size", Kind.INTEGER, "1000", "1", "100000"),
  EXTRACT_WORKERS("extract.workers", Kind.INTEGER, "2", "1", "16"),
  MISFIRE_WITHIN("misfire.within", Kind.DURATION, "6h", "0", "7d"),

  SUBMIT_MAX_REQUESTS("submit.max-requests", Kind.INTEGER, "100000", "1", "100000"),
  SUBMIT_MAX_BYTES("submit.max-bytes", Kind.BYTES, "200MB", "1KB", "256MB"),
  SUBMIT_MAX_REQUEST_BYTES("submit.max-request-bytes", Kind.BYTES, "32MB", "1KB", "256MB"),
  SUBMIT_QUEUE_LIMIT("submit.queue-limit", Kind.INTEGER, "200000", "1", "100000000"),
  SUBMIT_ATTEMPTS("submit.attempts", Kind.INTEGER, "3", "1", "10"),
  SUBMIT_DOUBT_LOOKS("submit.doubt-looks", Kind.DURATIONS, "0,1m,3m,6m,10m", "0", "1h"),
  SUBMIT_HELD_AFTER("submit.held-after", Kind.DURATION, "2h", "1s", "7d"),
  SUBMIT_GIVE_UP("submit.give-up", Kind.DURATION, "24h", "1m", "30d"),
  RETRY_BACKOFF("retry.backoff", Kind.BACKOFF, "1m×2≤30m", "0", "24h"),

  POLL_FIRST("poll.first", Kind.DURATION, "5m", "100ms", "24h"),
  POLL_MAX("poll.max", Kind.DURATION, "30m", "100ms", "24h"),
  POLL_LAST_HOUR("poll.last-hour", Kind.DURATION, "5m", "100ms", "1h"),
  DEADLINE_ALERT("deadline.alert", Kind.DURATION, "20h", "1m", "23h59m"),
  DEADLINE_CANCEL("deadline.cancel", Kind.DURATION, "23h", "1m", "23h59m"),

  COLLECT_DELETE_AT_API("collect.delete-at-api", Kind.CHOICE, "false", "false", "true"),

  LOAD_CHUNK("load.chunk", Kind.INTEGER, "1000", "1", "10000"),
  LOAD_WORKERS("load.workers", Kind.INTEGER, "2", "1", "16"),

  REPORT_TIMEOUT("report.timeout", Kind.DURATION, "30s", "1s", "1h"),
  REPORT_ROWS("report.rows", Kind.INTEGER, "500", "1", "10000"),

  SPOOL_DIR("spool.dir", Kind.PATH, "data/spool"),
  SPOOL_KEEP("spool.keep", Kind.DURATION, "30d", "1d", "3650d"),

  LEDGER_KEEP_TEXTS("ledger.keep-texts", Kind.DURATION, "90d", "1d", "3650d"),
  SPOOL_MIN_FREE("spool.min-free", Kind.BYTES, "500MB", "0", "1000000MB"),

  HTTP_CONNECT_TIMEOUT("http.connect-timeout", Kind.DURATION, "10s", "100ms", "5m"),
  HTTP_READ_TIMEOUT("http.read-timeout", Kind.DURATION, "2m", "100ms", "1h"),
  HTTP_CREATE_TIMEOUT("http.create-timeout", Kind.DURATION, "15m", "100ms", "2h"),
  HTTP_PROXY("http.proxy", Kind.TEXT, ""),
  HTTP_PROXY_USER("http.proxy-user", Kind.TEXT, ""),
  HTTP_PROXY_PASSWORD("http.proxy-password", Kind.SECRET, ""),
  HTTP_CA_FILE("http.ca-file", Kind.PATH, "");

  /** The syntax of a value, in words for people. */
  enum Kind {
    TEXT("a text"),
    SECRET("a text"),
    PATH("a path"),
    MAIL("a mail address"),
    CHOICE("one of"),
    INTEGER("a whole number"),
    BYTES("a size such as 200MB, 1MiB or 500KB"),
    DURATION("a duration such as 300ms, 5s, 5m, 20h or 30d"),
    DURATIONS("durations separated by commas, such as 0,1m,3m"),
    BACKOFF("first wait, factor and longest wait, such as 1m×2≤30m or 1m x2 <=30m");

    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final String text;
  private final Kind kind;
  private final String byDefault;
  private final List<String> limits;

  Key(String text, Kind kind, String byDefault, String... limits) {
    this.text = text;
    this.kind = kind;
    this.byDefault = byDefault;
    this.limits = List.of(limits);
  }

  /** As written in the file. */
  String text() {
    return text;
  }

  /** The environment variable that sets it. */
  String variable() {
    String upper = text.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    boolean anthropics = this == ANTHROPIC_API_KEY || this == ANTHROPIC_BASE_URL;
    return anthropics ? upper : "CARAVAN_" + upper;
  }

  Kind kind() {
    return kind;
  }

  String byDefault() {
    return byDefault;
  }

  /** Least and greatest value, or all values of a choice; empty where anything goes. */
  List<String> limits() {
    return limits;
  }

  /** What its value must be, in words. */
  String allowed() {
    if (kind == Kind.CHOICE) {
      return "one of " + String.join(", ", limits);
    }
    return limits.isEmpty()
        ? kind.words
        : kind.words + ", " + limits.get(0) + " to " + limits.get(1);
  }

  static Optional<Key> of(String text) {
    return Arrays.stream(values()).filter(key -> key.text.equals(text)).findFirst();
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(Key::text).toList();
  }
}
