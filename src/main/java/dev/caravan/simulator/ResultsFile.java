package dev.caravan.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes result lines, with the wrong ones that a fault asks for: the first requests are left out,
 * the next are not UTF-8, the next are broken off, the next come twice; foreign lines come last.
 */
final class ResultsFile implements Closeable {
  private static final Fault.Lines CLEAN = new Fault.Lines(0, 0, 0, 0, 0);

  private final OutputStream out;
  private final Fault.Lines wrong;
  private final List<byte[]> again = new ArrayList<>();
  private int place;

  ResultsFile(Path file, Optional<Fault.Lines> wrong) throws IOException {
    this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    this.wrong = wrong.orElse(CLEAN);
  }

  void add(String customId, ObjectNode result) throws IOException {
    byte[] line = line(customId, result);
    int notUtf8From = wrong.missing();
    int unparsableFrom = notUtf8From + wrong.notUtf8();
    int repeatedFrom = unparsableFrom + wrong.unparsable();
    int at = place++;
    if (at < notUtf8From) {
      return;
    }
    if (at < unparsableFrom) {
      line[line.length / 2] = (byte) 0xFF;
    } else if (at < repeatedFrom) {
      line = Arrays.copyOf(line, line.length / 2);
    } else if (at < repeatedFrom + wrong.repeated()) {
      again.add(line);
    }
    write(line);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      for (byte[] line : again) {
        write(line);
      }
      for (int i = 1; i <= wrong.foreign(); i++) {
        write(line("foreign-" + i, Json.object().put("type", "expired")));
      }
    }
  }

  private void write(byte[] line) throws IOException {
    out.write(line);
    out.write('\n');
  }

  private static byte[] line(String customId, ObjectNode result) throws IOException {
    return Json.MAPPER.writeValueAsBytes(
        Json.object().put("custom_id", customId).set("result", result));
  }
}
