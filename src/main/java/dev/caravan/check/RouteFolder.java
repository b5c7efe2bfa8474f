package dev.caravan.check;

import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of {@code routes/} and {@code routes/jobs/}: those that can be read, and what is wrong
 * with the others.
 */
public record RouteFolder(List<RouteFile> files, List<Fault> faults) {
  private static final String NAME = "[^.]+\\.camel\\.yaml";
  private static final String SUFFIX = ".camel.yaml";

  /** Reads them all. */
  public static RouteFolder of(Path home) {
    List<RouteFile> files = new ArrayList<>();
    List<Fault> faults = new ArrayList<>();
    Path root = home.toAbsolutePath().normalize();
    Path routes = root.resolve("routes");
    for (Path path : paths(routes)) {
      try {
        files.add(RouteFile.read(root, path));
      } catch (FaultsException e) {
        faults.addAll(e.faults());
      }
    }
    strangers(routes)
        .forEach(
            stranger ->
                faults.add(
                    Fault.in(
                        root.relativize(stranger).toString(),
                        "is not read: route files are named <name>.camel.yaml, without"
                            + " further dots, in routes/ or routes/jobs/",
                        "Rename it, or move it out of routes/.")));
    return new RouteFolder(List.copyOf(files), List.copyOf(faults));
  }

  /** The route files of a home directory, in the order of their names; jobs last. */
  public static List<Path> paths(Path routes) {
    return Stream.concat(list(routes), list(routes.resolve("jobs")))
        .filter(path -> path.getFileName().toString().matches(NAME))
        .toList();
  }

  private static List<Path> strangers(Path routes) {
    List<Path> known = paths(routes);
    try (Stream<Path> all = Files.walk(routes)) {
      return all.filter(Files::isRegularFile)
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(path -> !known.contains(path))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Stream<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The job that a file belongs to, if it is a job's. */
  public static Optional<String> job(Path path) {
    Path folder = path.getParent();
    String name = path.getFileName().toString();
    return folder != null && folder.endsWith(Path.of("routes", "jobs")) && name.endsWith(SUFFIX)
        ? Optional.of(name.substring(0, name.length() - SUFFIX.length()))
        : Optional.empty();
  }

  List<RoutePart> routes() {
    return files.stream().flatMap(file -> file.routes().stream()).toList();
  }
}
