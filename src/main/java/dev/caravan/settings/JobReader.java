package dev.caravan.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code config/jobs/<job>/} into a {@link Job}; all faults are reported at once. */
public final class JobReader {
  static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,11}");
  static final String NAME_RULE =
      "A job's name has 1 to 12 lower-case letters, digits and -, and begins with a letter.";
  private static final String CRON =
      "a Quartz cron expression of six fields (second minute hour day month weekday, ? in one of"
          + " the two days), such as 0 0 23 * * ?";

  private JobReader() {}

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
    String shown = "config/jobs/" + name;
    if (!NAME.matcher(name).matches()) {
      throw new FaultsException(List.of(Fault.in(shown, "is not the name of a job", NAME_RULE)));
    }
    Path path = home.toAbsolutePath().normalize().resolve("config").resolve("jobs").resolve(name);
    if (!Files.isDirectory(path)) {
      throw new FaultsException(
          List.of(
              Fault.in(shown, "there is no job " + name, "Create it with ./caravan new " + name)));
    }
    JobFolder folder = new JobFolder(path, shown);
    JobProperties properties = new JobProperties(folder.properties());
    Job job = job(name, path, folder, properties);
    refuseContradictions(job, properties);
    List<Fault> all =
        Stream.of(properties.faults(), folder.faults()).flatMap(List::stream).toList();
    if (!all.isEmpty()) {
      throw new FaultsException(all);
    }
    return job;
  }

  private static Job job(String name, Path path, JobFolder folder, JobProperties p) {
    int maxTokens = p.integer("max-tokens", 1024, 300_000);
    p.required("key", "Name the column (or columns, separated by commas) that is unique.");
    return new Job(
        name,
        path,
        p.read(
            "key",
            List.of(),
            JobValues::columns,
            "different columns separated by commas, without blanks or signs"),
        p.readOrNull("cron", JobValues::cron, CRON),
        p.readOrNull("report-cron", JobValues::cron, CRON),
        p.read("zone", ZoneId.systemDefault(), ZoneId::of, "a time zone such as Europe/Berlin"),
        p.required("model", "Name a model of config/prices.yaml, such as claude-haiku-5-5."),
        maxTokens,
        p.integer("max-tokens-cap", Math.max(maxTokens, 8192), 300_000),
        p.read("thinking", Thinking.Wanted.BY_DEFAULT, JobValues::thinking, "on or off"),
        p.readOrNull("effort", Effort::of, "low, medium, high, xhigh or max"),
        p.integer("max-requests", 100_000, 100_000),
        p.read(
            "extract.when-changed",
            Job.WhenChanged.RESEND,
            JobValues::whenChanged,
            "resend or skip"),
        p.read("cache", Job.Cache.ONE_HOUR, JobValues::cache, "off, 5m or 1h"),
        p.read("load.several-rows", false, JobValues::severalRows, "allow or reject"),
        p.read("mail.to", List.of(), MailAddresses::list, "mail addresses separated by commas"),
        p.params(),
        folder.text("extract.sql"),
        folder.text("prompt.md"),
        folder.text("output.schema.json"),
        folder.text("load.sql"),
        folder.textIfThere("report.sql"));
  }

  private static void refuseContradictions(Job job, JobProperties p) {
    if (job.maxTokensCap() < job.maxTokens()) {
      p.refuse(
          "max-tokens-cap",
          "max-tokens-cap is %d, less than max-tokens, which is %d"
              .formatted(job.maxTokensCap(), job.maxTokens()),
          "A truncated answer is sent again with twice the tokens, up to the cap.");
    }
  }
}
