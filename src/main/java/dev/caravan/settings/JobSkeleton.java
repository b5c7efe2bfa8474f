package dev.caravan.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Copies {@code templates/job/} to a new job, with {@code @job@} replaced by its name. */
public final class JobSkeleton {
  private static final String ROUTE = "job.camel.yaml";

  private JobSkeleton() {}

  /**
   * Writes {@code config/jobs/<name>/…} and {@code routes/jobs/<name>.camel.yaml}.
   *
   * @return the files written, relative to home
   * @throws FaultsException when the name can't be a job's, or anything of it is already there;
   *     then nothing was written
   */
  public static List<Path> create(Path home, String name) {
    refuseName(name);
    Map<Path, String> files = files(home, name);
    refuseOverwriting(home, name, files);
    try {
      for (Map.Entry<Path, String> file : files.entrySet()) {
        Path target = home.resolve(file.getKey());
        Files.createDirectories(target.resolveSibling(".").normalize());
        Files.writeString(target, file.getValue(), StandardOpenOption.CREATE_NEW);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Job " + name + " was written only in part", e);
    }
    return List.copyOf(files.keySet());
  }

  /** Target relative to home, and text. */
  private static Map<Path, String> files(Path home, String name) {
    Path skeleton = home.resolve("templates").resolve("job");
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(skeleton)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String fileName = file.getFileName().toString();
        Path target =
            fileName.equals(ROUTE)
                ? Path.of("routes", "jobs", name + ".camel.yaml")
                : Path.of("config", "jobs", name, fileName);
        files.put(target, Files.readString(file).replace("@job@", name));
      }
    } catch (IOException e) {
      throw new FaultsException(
          List.of(
              Fault.in(
                  "templates/job", "can't be read", "It comes with Caravan; see also --home.")));
    }
    return files;
  }

  private static void refuseName(String name) {
    if (!JobReader.NAME.matcher(name).matches()) {
      throw new FaultsException(
          List.of(new Fault(null, 0, "'" + name + "' can't be a job's name", JobReader.NAME_RULE)));
    }
  }

  private static void refuseOverwriting(Path home, String name, Map<Path, String> files) {
    List<Fault> there = new ArrayList<>();
    files.keySet().stream()
        .filter(file -> Files.exists(home.resolve(file)))
        .forEach(
            file ->
                there.add(
                    Fault.in(
                        file.toString().replace('\\', '/'),
                        "is already there, nothing was written",
                        "Choose another name, or edit the job " + name + ".")));
    if (!there.isEmpty()) {
      throw new FaultsException(there);
    }
  }
}
