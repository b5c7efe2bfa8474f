package dev.caravan.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code config/application.properties}, the environment and the command line into {@link
 * Settings}; all faults are reported at once.
 */
public final class SettingsReader {
  static final String FILE = "config/application.properties";

  private final Path home;
  private final RawSettings raw;

  private SettingsReader(Path home, RawSettings raw) {
    this.home = home;
    this.raw = raw;
  }

  /**
   * The settings of a home directory. Command line goes before environment, environment before
   * file, file before default; an empty environment variable counts as not set.
   *
   * @param environment as of {@link System#getenv()}
   * @param commandLine values by key, such as {@code poll.first}
   * @throws FaultsException with every fault: unknown keys, values that are not allowed,
   *     contradictions
   */
  public static Settings read(
      Path home, Map<String, String> environment, Map<String, String> commandLine) {
    Path root = home.toAbsolutePath().normalize();
    PropertiesText file = PropertiesText.read(root.resolve(FILE), FILE);
    RawSettings raw = new RawSettings(commandLine, environment, file);
    Settings settings = new SettingsReader(root, raw).settings();
    Contradictions.find(settings, raw);
    if (!raw.faults().isEmpty()) {
      throw new FaultsException(raw.faults());
    }
    return settings;
  }

  /** The default of every key, in the order of the file. */
  public static Map<String, String> documented() {
    Map<String, String> defaults = new LinkedHashMap<>();
    Arrays.stream(Key.values()).forEach(key -> defaults.put(key.text(), key.byDefault()));
    return defaults;
  }

  private Settings settings() {
    Connections connections = new Connections(home, raw);
    Settings.Database target = connections.target();
    return new Settings(
        home,
        target,
        connections.source(target),
        anthropic(),
        new Network(raw, new CaFile(home, raw)).read(),
        connections.smtp(),
        new Settings.Mail(
            raw.read(Key.MAIL_FROM, MailAddresses::one),
            raw.read(Key.MAIL_TO, MailAddresses::list)),
        new Settings.Extract(
            integer(Key.EXTRACT_CHUNK),
            integer(Key.EXTRACT_FETCH_SIZE),
            integer(Key.EXTRACT_WORKERS)),
        submit(),
        new Settings.Poll(
            duration(Key.POLL_FIRST), duration(Key.POLL_MAX), duration(Key.POLL_LAST_HOUR)),
        new Settings.Deadline(duration(Key.DEADLINE_ALERT), duration(Key.DEADLINE_CANCEL)),
        raw.read(Key.RETRY_BACKOFF, Units::backoff),
        new Settings.Collect(raw.text(Key.COLLECT_DELETE_AT_API).equals("true")),
        new Settings.Load(integer(Key.LOAD_CHUNK), integer(Key.LOAD_WORKERS)),
        new Settings.Report(duration(Key.REPORT_TIMEOUT), integer(Key.REPORT_ROWS)),
        new Settings.Spool(
            path(Key.SPOOL_DIR),
            duration(Key.SPOOL_KEEP),
            raw.within(Key.SPOOL_MIN_FREE, Units::bytes)),
        duration(Key.MISFIRE_WITHIN),
        duration(Key.LEDGER_KEEP_TEXTS),
        heartbeat(),
        duration(Key.HEALTH_GRACE));
  }

  private Settings.Anthropic anthropic() {
    String version = raw.text(Key.ANTHROPIC_VERSION);
    if (!version.matches("20\\d\\d-\\d\\d-\\d\\d")) {
      raw.refuse(Key.ANTHROPIC_VERSION, "must be a version of the API, such as 2026-10-21");
    }
    return new Settings.Anthropic(
        new ApiKey(home, raw).read(),
        baseUrl(),
        version,
        duration(Key.HTTP_CONNECT_TIMEOUT),
        duration(Key.HTTP_READ_TIMEOUT),
        duration(Key.HTTP_CREATE_TIMEOUT));
  }

  private URI baseUrl() {
    URI url = raw.read(Key.ANTHROPIC_BASE_URL, text -> URI.create(text.replaceAll("/+$", "")));
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getUserInfo() != null || url.getQuery() != null) {
      raw.refuse(
          Key.ANTHROPIC_BASE_URL, "must be a URL such as https://api.anthropic.com, no more");
    } else if (url.getPath().endsWith("/v1")) {
      raw.refuse(Key.ANTHROPIC_BASE_URL, "must not end with /v1, which Caravan adds itself");
    } else if (url.getScheme().equals("http") && !Loopback.is(url.getHost())) {
      raw.refuse(
          Key.ANTHROPIC_BASE_URL,
          "must begin with https, or the key would be sent in clear text (http: only to this machine)");
    }
    return url;
  }

  private Secret heartbeat() {
    String url = raw.text(Key.HEARTBEAT_URL);
    if (!url.isEmpty() && !url.matches("https?://[^\\s/]+\\S*")) {
      raw.refuse(Key.HEARTBEAT_URL, "must be an address such as https://hc-ping.com/<id>");
    }
    return new Secret(url);
  }

  private Settings.Submit submit() {
    List<Duration> looks = raw.read(Key.SUBMIT_DOUBT_LOOKS, Units::durations);
    if (!looks.equals(looks.stream().sorted().distinct().toList())) {
      raw.refuse(Key.SUBMIT_DOUBT_LOOKS, "must be in increasing order");
    } else if (looks.get(looks.size() - 1).compareTo(Duration.ofHours(1)) > 0) {
      raw.refuse(Key.SUBMIT_DOUBT_LOOKS, "must end within 1h");
    }
    return new Settings.Submit(
        integer(Key.SUBMIT_MAX_REQUESTS),
        raw.within(Key.SUBMIT_MAX_BYTES, Units::bytes),
        raw.within(Key.SUBMIT_MAX_REQUEST_BYTES, Units::bytes),
        integer(Key.SUBMIT_QUEUE_LIMIT),
        integer(Key.SUBMIT_ATTEMPTS),
        looks,
        duration(Key.SUBMIT_HELD_AFTER),
        duration(Key.SUBMIT_GIVE_UP));
  }

  private Duration duration(Key key) {
    return raw.within(key, Units::duration);
  }

  private int integer(Key key) {
    return raw.within(key, Integer::valueOf);
  }

  private Path path(Key key) {
    return home.resolve(raw.<Path>read(key, Path::of)).normalize();
  }
}
