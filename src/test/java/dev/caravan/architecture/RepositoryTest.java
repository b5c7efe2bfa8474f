package dev.caravan.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The repository speaks of the product, not of the machine it was written on. */
class RepositoryTest {
  private static final Set<String> NOT_OURS =
      Set.of(".git", "target", "data", "dist", ".idea", ".vscode", ".settings");

  // Written apart, so that this file does not hold what it looks for.
  private static final Pattern FOREIGN =
      Pattern.compile(
          "(?<![\\w.~])/(work|root)/"
              + "|repo1?\\.maven\\.(org|apache)|sona"
              + "type\\.(org|com)|jfr"
              + "og\\.io|arti"
              + "factory");

  /** What people look for first, once there is something to start. */
  private static final List<String> FRONT_DOOR = List.of("LICENSE", "README.md", "CHANGELOG.md");

  @TempDir Path folder;

  @Test
  void namesNoMachinePathAndNoRegistryHost() throws IOException {
    assertThat(foreignNames(Path.of(""))).isEmpty();
  }

  @Test
  void hasAFrontDoorAsSoonAsItCanBeStarted() {
    assertThat(missingFrontDoor(Path.of(""))).isEmpty();
  }

  @Test
  void scriptsCanBeRun() {
    assertThat(Path.of(".ci/run")).isExecutable();
  }

  @Test
  void bitesAMachinePathAndARegistryHost() throws IOException {
    Files.writeString(folder.resolve("good.md"), "see https://example.org/work/x, ~/work/y, ok");
    Files.createDirectory(folder.resolve("target"));
    Files.writeString(folder.resolve("target/log"), "/wo" + "rk/x");
    assertThat(foreignNames(folder)).isEmpty();

    Files.writeString(folder.resolve("a.md"), "first\nlook in /wo" + "rk/main");
    Files.writeString(folder.resolve("b.md"), "https://repo." + "maven.apache.org/maven2");
    assertThat(foreignNames(folder))
        .containsExactly(
            "a.md:2: look in /wo" + "rk/main",
            "b.md:1: " + Files.readString(folder.resolve("b.md")));
  }

  @Test
  void bitesAMissingFrontDoor() throws IOException {
    assertThat(missingFrontDoor(folder)).isEmpty();
    Files.createFile(folder.resolve("caravan"));
    Files.createFile(folder.resolve("README.md"));
    assertThat(missingFrontDoor(folder)).containsExactly("LICENSE", "CHANGELOG.md");
  }

  private static List<String> missingFrontDoor(Path root) {
    return Files.exists(root.resolve("caravan"))
        ? FRONT_DOOR.stream().filter(name -> Files.notExists(root.resolve(name))).toList()
        : List.of();
  }

  private static List<String> foreignNames(Path root) throws IOException {
    var faults = new ArrayList<String>();
    for (var file : files(root)) {
      // Every byte is a character, so a binary file is searched as well as any other.
      var lines = Files.readAllLines(root.resolve(file), StandardCharsets.ISO_8859_1);
      for (int i = 0; i < lines.size(); i++) {
        if (FOREIGN.matcher(lines.get(i)).find()) {
          faults.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return faults;
  }

  private static List<Path> files(Path root) throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> top = Files.list(root)) {
      for (var path : top.filter(path -> !NOT_OURS.contains(name(path))).toList()) {
        try (Stream<Path> below = Files.walk(path)) {
          below.filter(Files::isRegularFile).map(root::relativize).forEach(files::add);
        }
      }
    }
    return files.stream().sorted().toList();
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
