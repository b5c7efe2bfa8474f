package dev.caravan;

import ch.qos.logback.core.rolling.RollingFileAppender;
import dev.caravan.settings.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The log file, which may quote what records hold: 0600, in folders that are 0700 when made here.
 */
public final class OwnerOnlyLog<E> extends RollingFileAppender<E> {
  @Override
  public void openFile(String name) throws IOException {
    Path file = Path.of(name).toAbsolutePath().normalize();
    folders(file.getParent());
    OwnerOnly.file(file);
    super.openFile(name);
  }

  private static void folders(@Nullable Path folder) throws IOException {
    if (folder != null && !Files.isDirectory(folder)) {
      folders(folder.getParent());
      OwnerOnly.folder(folder);
    }
  }
}
