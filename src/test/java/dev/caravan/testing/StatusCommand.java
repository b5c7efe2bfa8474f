package dev.caravan.testing;

import dev.caravan.cli.CaravanCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What {@code ./caravan status} prints of a night that is under way. */
public final class StatusCommand {
  private StatusCommand() {}

  /** Runs the command in this JVM, with the night's database in its settings file. */
  public static String of(NightFixture night, String job) throws IOException {
    TestDatabase database = night.database();
    Path settings = night.home().resolve("config/application.properties");
    Files.writeString(
        settings,
        "\ndb.url=%s\ndb.user=%s\ndb.password=%s\n"
            .formatted(database.url(), database.user(), database.password()),
        StandardOpenOption.APPEND);
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      CaravanCommand.execute("status", job, "--home", night.home().toString());
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
