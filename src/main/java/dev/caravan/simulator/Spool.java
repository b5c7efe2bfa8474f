package dev.caravan.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The requests of one batch on disk, one JSON per line; only where each begins is kept in memory.
 */
final class Spool {
  private final Path file;
  private final long[] starts;

  private Spool(Path file, long[] starts) {
    this.file = file;
    this.starts = starts;
  }

  int size() {
    return starts.length - 1;
  }

  Path file() {
    return file;
  }

  Reader read() throws IOException {
    return new Reader(FileChannel.open(file));
  }

  /** Gives every custom_id, in the order sent. */
  void customIds(Consumer<String> to) throws IOException {
    try (Reader reader = read()) {
      for (int i = 0; i < size(); i++) {
        to.accept(reader.request(i).path("custom_id").asText());
      }
    }
  }

  /** Reads requests by their index. */
  final class Reader implements Closeable {
    private final FileChannel channel;

    private Reader(FileChannel channel) {
      this.channel = channel;
    }

    JsonNode request(int index) throws IOException {
      ByteBuffer line = ByteBuffer.allocate((int) (starts[index + 1] - starts[index]));
      while (line.hasRemaining() && channel.read(line, starts[index] + line.position()) >= 0) {
        // a read may give less than asked
      }
      return Json.MAPPER.readTree(line.array());
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Writes a spool; closed without {@link #done()} the file is deleted. */
  static final class Writer implements Closeable {
    private final Path file;
    private final OutputStream out;
    private long[] starts = new long[64];
    private int count;
    private boolean done;

    Writer(Path file) throws IOException {
      this.file = file;
      this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    void add(JsonNode request) throws IOException {
      byte[] line = Json.MAPPER.writeValueAsBytes(request);
      out.write(line);
      out.write('\n');
      if (count + 2 > starts.length) {
        starts = Arrays.copyOf(starts, starts.length * 2);
      }
      starts[count + 1] = starts[count] + line.length + 1;
      count++;
    }

    Spool done() throws IOException {
      out.close();
      done = true;
      return new Spool(file, Arrays.copyOf(starts, count + 1));
    }

    @Override
    public void close() throws IOException {
      if (!done) {
        out.close();
        Files.deleteIfExists(file);
      }
    }
  }
}
