package dev.caravan.architecture;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is wrong with the settings of a home folder: a key that routes use and nobody can look up,
 * or one without a word about it.
 */
record SettingsDocumented(Path home, Set<String> allowed) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]*([^}:]+)(:[^}]*)?}}");

  /** A setting shown at its default is commented out: {@code #poll.first=5m}. */
  private static final Pattern AT_DEFAULT = Pattern.compile("(?m)^#(?=[a-z][a-z0-9.-]*=)");

  /** Prefixes by which Camel looks elsewhere: {@code {{env:HOME}}}. */
  private static final Set<String> ELSEWHERE = Set.of("env", "sys", "file", "bean");

  List<String> faults() throws IOException {
    var settings = home.resolve("config/application.properties");
    if (Files.notExists(settings)) {
      return List.of();
    }
    var text = Files.readString(settings);
    var faults = new ArrayList<String>();
    var known = new Properties();
    known.load(new StringReader(AT_DEFAULT.matcher(text).replaceAll("")));
    for (var key : keysInRoutes()) {
      if (!known.containsKey(key) && !isOfAJob(key) && !allowed.contains(key)) {
        faults.add("{{%s}} is used in routes and has no line in %s".formatted(key, settings));
      }
    }
    for (var paragraph : text.split("\\R\\s*\\R", -1)) {
      var lines = paragraph.lines().filter(line -> !line.isBlank()).toList();
      if (!lines.isEmpty() && !isComment(lines.get(0))) {
        faults.add("'%s' has no comment above it".formatted(lines.get(0)));
      }
    }
    return faults;
  }

  private Set<String> keysInRoutes() throws IOException {
    var keys = new TreeSet<String>();
    for (var file : RouteFile.below(home.resolve("routes"))) {
      for (var line : file.lines()) {
        PLACEHOLDER
            .matcher(line)
            .results()
            .map(found -> found.group(1).strip())
            .filter(key -> !ELSEWHERE.contains(key))
            .forEach(keys::add);
      }
    }
    return keys;
  }

  /** {@code invoices.cron} stands as {@code cron} in the job's own file. */
  private boolean isOfAJob(String key) {
    var job = key.substring(0, Math.max(0, key.indexOf('.')));
    return !job.isEmpty() && Files.exists(home.resolve("config/jobs/" + job + "/job.properties"));
  }

  private static boolean isComment(String line) {
    return line.strip().startsWith("#") || line.strip().startsWith("!");
  }

  /** The keys of an allow list: the first word of each line that is no comment. */
  static Set<String> allowedBy(Stream<String> lines) {
    return lines
        .filter(line -> !line.isBlank() && !isComment(line))
        .map(line -> line.split("\\s", 2)[0])
        .collect(Collectors.toSet());
  }
}
