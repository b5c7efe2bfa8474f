package dev.caravan.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.quartz.CronExpression;

/** Reads {@code config/jobs/<job>/} into a {@link Job}; all faults are reported at once. */
public final class JobReader {
  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,11}");
  static final String NAME_RULE =
      "A job's name has 1 to 12 lower-case letters, digits and -, and begins with a letter.";
  private static final String CRON =
      "a Quartz cron expression of six fields (second minute hour day month weekday, ? in one of"
          + " the two days), such as 0 0 23 * * ?";

  private final String name;
  private final Path folder;
  private final String shown;
  private final List<Fault> faults = new ArrayList<>();

  private JobReader(Path home, String name) {
    this.name = name;
    this.shown = "config/jobs/" + name;
    this.folder = home.resolve("config").resolve("jobs").resolve(name).toAbsolutePath().normalize();
  }

  /** The names of all jobs of a home directory, sorted; empty where there are none. */
  public static List<String> names(Path home) {
    Path jobs = home.resolve("config").resolve("jobs");
    if (!Files.isDirectory(jobs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(jobs)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The job as its files are now.
   *
   * @throws FaultsException with every fault: missing files, unknown keys, values not allowed
   */
  public static Job read(Path home, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new FaultsException(
          List.of(Fault.in("config/jobs/" + name, "is not the name of a job", NAME_RULE)));
    }
    return new JobReader(home, name).read();
  }

  private Job read() {
    if (!Files.isDirectory(folder)) {
      throw new FaultsException(
          List.of(
              Fault.in(shown, "there is no job " + name, "Make it with ./caravan new " + name)));
    }
    String file = shown + "/job.properties";
    Path path = folder.resolve("job.properties");
    if (!Files.exists(path)) {
      faults.add(Fault.in(file, "is missing", "It names at least key= and model=."));
    }
    JobProperties properties = new JobProperties(PropertiesText.read(path, file));
    Job job = job(properties);
    refuseContradictions(job, properties);
    List<Fault> all = Stream.of(properties.faults(), faults).flatMap(List::stream).toList();
    if (!all.isEmpty()) {
      throw new FaultsException(all);
    }
    return job;
  }

  private Job job(JobProperties p) {
    int maxTokens = p.integer("max-tokens", 1024, 300_000);
    return new Job(
        name,
        folder,
        key(p),
        p.readOrNull("cron", JobReader::cron, CRON),
        p.readOrNull("report-cron", JobReader::cron, CRON),
        p.read("zone", ZoneId.systemDefault(), ZoneId::of, "a time zone such as Europe/Berlin"),
        p.required("model", "Name a model of config/prices.yaml, such as claude-haiku-5-5."),
        maxTokens,
        p.integer("max-tokens-cap", Math.max(maxTokens, 8192), 300_000),
        p.integer("max-requests", 100_000, 100_000),
        p.read(
            "extract.when-changed", Job.WhenChanged.RESEND, JobReader::changed, "resend or skip"),
        p.read("cache", Job.Cache.ONE_HOUR, JobReader::cache, "off, 5m or 1h"),
        p.read("load.several-rows", false, JobReader::severalRows, "allow or reject"),
        p.read("mail.to", List.of(), MailAddresses::list, "mail addresses separated by commas"),
        p.params(),
        text("extract.sql"),
        text("prompt.md"),
        text("output.schema.json"),
        text("load.sql"),
        Files.exists(folder.resolve("report.sql")) ? text("report.sql") : null);
  }

  private List<String> key(JobProperties p) {
    String columns =
        p.required("key", "Name the column (or columns, separated by commas) that is unique.");
    List<String> key =
        Arrays.stream(columns.toLowerCase(Locale.ROOT).split(",", -1)).map(String::strip).toList();
    if (!columns.isEmpty()
        && (key.stream().anyMatch(c -> !c.matches("[a-z_][a-z0-9_]*"))
            || key.stream().distinct().count() < key.size())) {
      p.refuse(
          "key",
          "key is " + columns + ", must be different columns separated by commas",
          "Where a column has blanks or signs, rename it in extract.sql: select … as order_no");
    }
    return key;
  }

  private void refuseContradictions(Job job, JobProperties p) {
    if (job.maxTokensCap() < job.maxTokens()) {
      p.refuse(
          "max-tokens-cap",
          "max-tokens-cap is %d, less than max-tokens, which is %d"
              .formatted(job.maxTokensCap(), job.maxTokens()),
          "A truncated answer is sent again with twice the tokens, up to the cap.");
    }
  }

  private String text(String file) {
    try {
      String text = Files.readString(folder.resolve(file)).replace("\uFEFF", "");
      if (text.isBlank()) {
        refuse(file, "is empty", "./caravan new copies a skeleton to start from.");
      }
      return text;
    } catch (NoSuchFileException e) {
      refuse(file, "is missing", "./caravan new copies a skeleton to start from.");
    } catch (CharacterCodingException e) {
      refuse(file, "is not UTF-8 text", "Save it as UTF-8.");
    } catch (IOException e) {
      refuse(file, "can't be read: " + e.getMessage(), "Check its permissions.");
    }
    return "";
  }

  private void refuse(String file, String message, String remedy) {
    faults.add(Fault.in(shown + "/" + file, message, remedy));
  }

  private static String cron(String text) {
    try {
      return new CronExpression(text).getCronExpression();
    } catch (ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Job.WhenChanged changed(String text) {
    return Job.WhenChanged.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static Job.Cache cache(String text) {
    return switch (text) {
      case "off" -> Job.Cache.OFF;
      case "5m" -> Job.Cache.FIVE_MINUTES;
      case "1h" -> Job.Cache.ONE_HOUR;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static boolean severalRows(String text) {
    return switch (text) {
      case "allow" -> true;
      case "reject" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
