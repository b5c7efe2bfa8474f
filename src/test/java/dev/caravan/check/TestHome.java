package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.testing.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A home folder with the shipped routes, jobs and templates, to be broken on purpose. */
final class TestHome {
  private final Path home;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> overrides = new HashMap<>();

  private TestHome(Path home) {
    this.home = home;
  }

  static TestHome in(Path folder) {
    for (String part : List.of("routes", "config", "templates")) {
      copy(Path.of(part), folder.resolve(part));
    }
    TestHome home = new TestHome(folder);
    home.environment.put("ANTHROPIC_API_KEY", "test-key");
    return home;
  }

  Path path() {
    return home;
  }

  TestHome set(String key, String value) {
    overrides.put(key, value);
    return this;
  }

  TestHome environment(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Replaces text of a file; the text must be there. */
  TestHome edit(String file, String from, String to) {
    String text = read(file);
    if (!text.contains(from)) {
      throw new AssertionError(file + " holds no " + from);
    }
    return write(file, text.replace(from, to));
  }

  TestHome write(String file, String text) {
    try {
      Files.createDirectories(home.resolve(file).getParent());
      Files.writeString(home.resolve(file), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String file) {
    try {
      return Files.readString(home.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a file, or a folder with what is in it. */
  TestHome remove(String file) {
    try (Stream<Path> files = Files.walk(home.resolve(file))) {
      for (Path path : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Fault> check(boolean offline) {
    SettableClock clock = SettableClock.at("2026-11-20T22:00:00Z");
    return new Check(home, environment, overrides, clock).run(offline);
  }

  /** The faults as people read them. */
  List<String> texts(boolean offline) {
    return check(offline).stream().map(Fault::toString).toList();
  }

  private static void copy(Path from, Path to) {
    try {
      FileSystemUtils.copyRecursively(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
