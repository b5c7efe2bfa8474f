package dev.caravan.settings;

import dev.caravan.batch.Reasons;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A .properties file (UTF-8, the syntax of {@link Properties}) that remembers the line of each key.
 */
final class PropertiesText {
  /** A value and the line on which its key stands. */
  record Entry(String value, int line) {}

  private final String file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  private PropertiesText(String file) {
    this.file = file;
  }

  /** Reads a file; {@code name} is what faults call it. A missing file has no entries. */
  static PropertiesText read(Path path, String name) {
    PropertiesText read = new PropertiesText(name);
    try {
      if (Files.exists(path)) {
        read.parse(Files.readString(path).lines().toList());
      }
    } catch (CharacterCodingException e) {
      read.faults.add(Fault.in(name, "is not UTF-8 text", "Save it as UTF-8."));
    } catch (IOException e) {
      read.faults.add(Fault.in(name, "can't be read: " + Reasons.of(e), "Check its permissions."));
    }
    return read;
  }

  static PropertiesText parse(String name, String text) {
    PropertiesText read = new PropertiesText(name);
    read.parse(text.lines().toList());
    return read;
  }

  String file() {
    return file;
  }

  Map<String, Entry> entries() {
    return entries;
  }

  @Nullable Entry entry(String key) {
    return entries.get(key);
  }

  /** Keys written twice, broken \\u escapes, a file that can't be read. */
  List<Fault> faults() {
    return faults;
  }

  /** Hands each logical line (with its continuations) to {@link Properties}. */
  private void parse(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      int begin = i;
      String first = lines.get(i).replace("\uFEFF", "");
      StringBuilder logical = new StringBuilder(first);
      boolean comment = first.strip().startsWith("#") || first.strip().startsWith("!");
      while (!comment && continues(logical) && i + 1 < lines.size()) {
        logical.append('\n').append(lines.get(++i));
      }
      add(logical.toString(), begin + 1);
    }
  }

  private void add(String logical, int line) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(logical));
    } catch (IOException | IllegalArgumentException e) {
      faults.add(
          new Fault(file, line, "a \\u needs four hex digits", "Write a backslash as \\\\."));
      return;
    }
    for (String key : one.stringPropertyNames()) {
      Entry before = entries.put(key, new Entry(one.getProperty(key).strip(), line));
      if (before != null) {
        faults.add(
            new Fault(
                file,
                line,
                key + " is already set in line " + before.line(),
                "Keep one of the two."));
      }
    }
  }

  private static boolean continues(CharSequence line) {
    int slashes = 0;
    while (slashes < line.length() && line.charAt(line.length() - 1 - slashes) == '\\') {
      slashes++;
    }
    return slashes % 2 == 1;
  }
}
