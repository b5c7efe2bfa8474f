package dev.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long each stage took, as the log tells it; stages of several batches overlap. */
final class Stages {
  private static final Pattern BEGINS = Pattern.compile("(\\S+) .*Run \\d+ of job \\S+ begins");
  private static final Pattern BATCH =
      Pattern.compile("(\\S+) .*Batch (\\w+) .*(posting (\\d+)|at the API|has ended|is collected)");

  private Stages() {}

  /** A line for each batch: what it was, and the seconds since the run began. */
  static String of(Path log) throws IOException {
    Instant began = Instant.MIN;
    Map<String, Instant> last = new HashMap<>();
    StringBuilder text = new StringBuilder();
    for (String line : Files.readAllLines(log)) {
      Matcher run = BEGINS.matcher(line);
      Matcher batch = BATCH.matcher(line);
      if (run.find()) {
        began = Instant.parse(run.group(1));
      } else if (batch.find()) {
        Instant at = Instant.parse(batch.group(1));
        String step = batch.group(3);
        Instant before = last.getOrDefault(batch.group(2), began);
        last.put(batch.group(2), at);
        text.append(
            String.format(
                Locale.ROOT,
                "- %s %-16s %6.1f s, %.1f s after its last step%n",
                batch.group(2),
                step,
                seconds(Duration.between(began, at)),
                seconds(Duration.between(before, at))));
      }
    }
    return text.toString();
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
