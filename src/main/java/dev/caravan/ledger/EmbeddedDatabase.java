package dev.caravan.ledger;

import dev.caravan.settings.FaultsException;
import dev.caravan.settings.OwnerOnly;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * A database in a file of this machine. Where nobody gave it a login, Caravan makes one of its own;
 * what lies beside the file is its owner's alone.
 */
public final class EmbeddedDatabase {
  private EmbeddedDatabase() {}

  /** Only processes of this machine may ask the one that has opened an embedded database. */
  public static void listenOnLoopback() {
    System.setProperty("h2.bindAddress", "127.0.0.1");
  }

  /** Settings with the login of the embedded database in them, where they mean it. */
  public static Settings withLogin(Settings settings) throws IOException, SQLException {
    Settings.Database target = settings.target();
    Settings.Database known = withLogin(target);
    boolean read = settings.source().equals(asSource(target));
    return settings.with(known, read ? asSource(known) : settings.source());
  }

  /**
   * The same for one database. Its files are made, and those of an older Caravan secured, at the
   * first use.
   *
   * @throws SQLException when the database can't be opened
   * @throws IOException when its files can't be made
   * @throws FaultsException when its password is lost
   */
  public static Settings.Database withLogin(Settings.Database database)
      throws IOException, SQLException {
    listenOnLoopback();
    Optional<Path> path = path(database.url());
    if (path.isEmpty() || hasLogin(database)) {
      return database;
    }
    String password = new EmbeddedAccount(database.url(), path.get()).password();
    tighten(database);
    return new Settings.Database(
        database.url(), EmbeddedAccount.NAME, new Secret(password), database.schema());
  }

  /** Makes what H2 keeps beside a database, such as its lock file, its owner's alone. */
  public static void tighten(Settings.Database database) throws IOException {
    Optional<Path> path = path(database.url());
    Path folder = path.map(Path::getParent).orElse(null);
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, path.get().getFileName() + ".*")) {
      for (Path file : files) {
        OwnerOnly.tighten(file);
      }
    }
  }

  /** The file with the password that Caravan made, where it did. */
  public static Optional<Path> passwordFile(Settings.Database database) {
    return EmbeddedAccount.NAME.equals(database.user())
        ? path(database.url()).map(EmbeddedAccount::passwordFile)
        : Optional.empty();
  }

  private static boolean hasLogin(Settings.Database database) {
    return database.user() != null
        || !database.password().isEmpty()
        || database.url().toLowerCase(Locale.ROOT).matches(".*;(user|password|cipher)=.*");
  }

  /** The database file without its ending; empty for a server's database and one in memory. */
  private static Optional<Path> path(String url) {
    String name = url.replaceFirst("^jdbc:h2:(file:)?", "").replaceFirst(";.*", "");
    boolean file =
        url.startsWith("jdbc:h2:file:")
            || (url.startsWith("jdbc:h2:") && !name.matches("[a-z]{2,}:.*"));
    return file
        ? Optional.of(Path.of(name.replaceFirst("^~(?=/)", home())).toAbsolutePath().normalize())
        : Optional.empty();
  }

  private static String home() {
    return System.getProperty("user.home", "").replace("\\", "\\\\").replace("$", "\\$");
  }

  private static Settings.Database asSource(Settings.Database target) {
    return new Settings.Database(target.url(), target.user(), target.password(), null);
  }
}
