package dev.caravan.settings;

import dev.caravan.batch.Reasons;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts of one {@code config/jobs/<job>/}; notes the fault of each that can't be read. */
final class JobFolder {
  private static final String SKELETON = "./caravan new copies a skeleton to start from.";

  private final Path path;
  private final String shown;
  private final List<Fault> faults = new ArrayList<>();

  /** {@code shown} is what faults call the folder. */
  JobFolder(Path path, String shown) {
    this.path = path;
    this.shown = shown;
  }

  List<Fault> faults() {
    return faults;
  }

  PropertiesText properties() {
    if (!Files.exists(path.resolve("job.properties"))) {
      refuse("job.properties", "is missing", "It names at least key= and model=.");
    }
    return PropertiesText.read(path.resolve("job.properties"), shown + "/job.properties");
  }

  @Nullable String textIfThere(String file) {
    return Files.exists(path.resolve(file)) ? text(file) : null;
  }

  /** Empty where there is a fault. */
  String text(String file) {
    try {
      String text = Files.readString(path.resolve(file)).replace("\uFEFF", "");
      if (text.isBlank()) {
        refuse(file, "is empty", SKELETON);
      }
      return text;
    } catch (NoSuchFileException e) {
      refuse(file, "is missing", SKELETON);
    } catch (CharacterCodingException e) {
      refuse(file, "is not UTF-8 text", "Save it as UTF-8.");
    } catch (IOException e) {
      refuse(file, "can't be read: " + Reasons.of(e), "Check its permissions.");
    }
    return "";
  }

  private void refuse(String file, String message, String remedy) {
    faults.add(Fault.in(shown + "/" + file, message, remedy));
  }
}
