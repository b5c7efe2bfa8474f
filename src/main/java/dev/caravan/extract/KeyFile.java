package dev.caravan.extract;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.batch.Reasons;
import dev.caravan.batch.Unreadable;
import dev.caravan.spool.Spool;
import dev.caravan.spool.SpoolFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose key is NULL, can't be read or is repeated, named in {@code run-<id>.keys.jsonl} of the
 * run's folder.
 */
final class KeyFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_VALUE = 200;

  private final Path path;
  private final List<String> key;
  private boolean begun;

  /** {@code key} are the job's key columns. */
  KeyFile(Path path, List<String> key) {
    this.path = path;
    this.key = key;
  }

  void nullKey(Map<String, @Nullable Object> row) {
    boolean unreadable = key.stream().anyMatch(column -> row.get(column) instanceof Unreadable);
    write(unreadable ? "unreadable_key" : "null_key", row);
  }

  void repeatedKey(Map<String, @Nullable Object> row) {
    write("repeated_key", row);
  }

  private void write(String problem, Map<String, @Nullable Object> row) {
    ObjectNode line = JSON.createObjectNode().put("problem", problem);
    ObjectNode values = line.putObject("row");
    row.forEach((column, value) -> values.put(column, shortened(value)));
    try {
      if (!begun) {
        Spool.create(path);
        begun = true;
      }
      Files.writeString(path, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new SpoolFailed("Cannot write " + path + ": " + Reasons.of(e), e);
    }
  }

  private static @Nullable String shortened(@Nullable Object value) {
    String text = value == null ? null : value.toString();
    return text == null || text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE) + "…";
  }
}
