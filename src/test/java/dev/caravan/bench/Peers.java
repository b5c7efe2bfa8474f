package dev.caravan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What users would run instead, on the same rows, database and server. */
final class Peers {
  /** They send one batch, and the API takes no more requests in one. */
  static final int MOST = 100_000;

  private static final Path NODE = Path.of("target/peers/node");

  /** A script or program; {@code home} is where it is started. */
  record Peer(String name, Path home, List<String> command) {

    ProcessBuilder process(BenchNight night) throws IOException {
      ProcessBuilder process = night.process(command).directory(home.toFile());
      String url = night.database().url().replace("jdbc:postgresql://", "");
      process
          .environment()
          .putAll(
              Map.of(
                  "SYSTEM",
                  Files.readString(Path.of("bench/job/prompt.md")).split("\n---\n", 2)[0],
                  "DB",
                  "postgres://%s:%s@%s"
                      .formatted(night.database().user(), night.database().password(), url)));
      return process;
    }
  }

  private Peers() {}

  /** The Java client always; the TypeScript one where node and npm are there. */
  static List<Peer> here() {
    Peer java =
        new Peer(
            "Java SDK + JDBC",
            Path.of("."),
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SdkNight.class.getName()));
    Peer node = new Peer("TypeScript SDK + pg", NODE, List.of("node", "night.mjs"));
    return Files.isDirectory(NODE.resolve("node_modules")) ? List.of(node, java) : List.of(java);
  }
}
