package dev.caravan.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A home folder for the demo, made anew under {@code data/demo}, with the main job alone. */
final class DemoHome {
  private DemoHome() {}

  /**
   * Copies what the demo plays.
   *
   * @throws Refused when this home no longer has it
   */
  static Path create(Path home) throws IOException {
    for (String part :
        List.of("config/jobs/invoices/job.properties", "routes/jobs/invoices.camel.yaml")) {
      if (!Files.exists(home.resolve(part))) {
        throw new Refused(
            ExitCode.REFUSED,
            "The demo plays the job invoices, but "
                + home.resolve(part).normalize()
                + " is missing. Nothing was started.\nUnpack Caravan again somewhere and run it"
                + " there, or put the job's files back.");
      }
    }
    Path demo = home.resolve("data/demo").toAbsolutePath().normalize();
    delete(demo);
    for (String part : List.of("routes", "config", "templates")) {
      copy(home.resolve(part), demo.resolve(part));
    }
    onlyInvoices(demo.resolve("config/jobs"));
    onlyInvoices(demo.resolve("routes/jobs"));
    // what a person has set for real life has no say in the demo
    Files.deleteIfExists(demo.resolve("config/application.properties"));
    return demo;
  }

  private static void onlyInvoices(Path folder) throws IOException {
    try (Stream<Path> jobs = Files.list(folder)) {
      for (Path job : jobs.toList()) {
        if (!job.getFileName().toString().startsWith("invoices")) {
          delete(job);
        }
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.forEach(file -> copyOne(file, to.resolve(from.relativize(file).toString())));
    }
  }

  private static void copyOne(Path file, Path target) {
    try {
      if (Files.isDirectory(file)) {
        Files.createDirectories(target);
      } else {
        Files.copy(file, target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The demo needs " + file, e);
    }
  }
}
