package dev.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSkeletonTest {
  private final Path home;

  JobSkeletonTest(@TempDir Path home) throws IOException {
    this.home = home;
    Path skeleton = Files.createDirectories(home.resolve("templates/job"));
    try (Stream<Path> files = Files.list(Path.of("templates/job"))) {
      for (Path file : files.toList()) {
        Files.copy(file, skeleton.resolve(file.getFileName()));
      }
    }
    Files.writeString(skeleton.resolve("job.camel.yaml"), "# the job @job@\n");
  }

  @Test
  void makesAJobThatPassesTheCheck() throws IOException {
    assertThat(JobSkeleton.create(home, "complaints"))
        .contains(
            Path.of("config/jobs/complaints/prompt.md"),
            Path.of("routes/jobs/complaints.camel.yaml"));

    assertThat(home.resolve("routes/jobs/complaints.camel.yaml"))
        .hasContent("# the job complaints");
    assertThat(
            JobCheck.check(
                JobReader.read(home, "complaints"),
                PricesReader.read(Path.of("config/prices.yaml")),
                Instant.parse("2026-11-20T12:00:00Z")))
        .isEmpty();
    try (Stream<Path> files = Files.walk(home.resolve("config/jobs"))) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(file -> assertThat(file).content().doesNotContain("@job@"));
    }
  }

  @Test
  void neverOverwritesAndThenWritesNothingAtAll() throws IOException {
    Path existing = home.resolve("config/jobs/mine/load.sql");
    Files.createDirectories(home.resolve("config/jobs/mine"));
    Files.writeString(existing, "mine");

    assertThat(refused("mine")).hasMessageContaining("config/jobs/mine/load.sql: is already there");
    assertThat(existing).hasContent("mine");
    assertThat(home.resolve("config/jobs/mine/prompt.md")).doesNotExist();
    assertThat(home.resolve("routes")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "My-Job", "../x", "a/b", "much-too-long-name"})
  void refusesANameThatCannotBeAJobs(String name) {
    assertThat(refused(name))
        .hasMessageContaining("can't be a job's name")
        .hasMessageContaining("1 to 12 lower-case letters");
  }

  private FaultsException refused(String name) {
    return catchThrowableOfType(FaultsException.class, () -> JobSkeleton.create(home, name));
  }
}
