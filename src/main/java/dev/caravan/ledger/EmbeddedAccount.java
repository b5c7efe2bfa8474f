package dev.caravan.ledger;

import dev.caravan.settings.Fault;
import dev.caravan.settings.FaultsException;
import dev.caravan.settings.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;

/**
 * The account with which Caravan works in its embedded database: it may do anything with tables,
 * but is no administrator, so that it can run no code and open no file. The administrator's
 * password is thrown away.
 */
final class EmbeddedAccount {
  static final String NAME = "CARAVAN";
  private static final String ADMIN = "";
  private static final String REFUSED = "28000";
  private static final int PASSWORD_LENGTH = 32;

  private final String url;
  private final Path database;
  private final Path made;
  private final Path noted;

  /** {@code path} is the database's file without its ending. */
  EmbeddedAccount(String url, Path path) {
    this.url = url;
    this.database = beside(path, ".mv.db");
    this.made = passwordFile(path);
    this.noted = beside(path, ".password.new");
  }

  static Path passwordFile(Path path) {
    return beside(path, ".password");
  }

  private static Path beside(Path path, String end) {
    return path.resolveSibling(path.getFileName() + end);
  }

  /** Its password; at the first use it is made, and with it the database or its account. */
  String password() throws IOException, SQLException {
    if (!Files.exists(made) || isNew()) {
      synchronized (EmbeddedAccount.class) {
        make();
      }
    }
    return Files.readString(made).strip();
  }

  private boolean isNew() throws IOException {
    return !Files.exists(database) || Files.size(database) == 0;
  }

  /** One process at a time; what dies half-way is done again, with the password it has noted. */
  private void make() throws IOException, SQLException {
    Files.createDirectories(noted.getParent());
    OwnerOnly.file(noted);
    try (FileChannel channel =
        FileChannel.open(noted, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.lock();
      if (Files.exists(made) && !isNew()) {
        // another process was first, and what is locked here is of no use or its file
        Files.deleteIfExists(noted);
        return;
      }
      String password = noted(channel);
      OwnerOnly.file(database);
      makeAccount(password);
      Files.move(noted, made, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String noted(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(PASSWORD_LENGTH);
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      // a file may be read in parts
    }
    if (!bytes.hasRemaining()) {
      return new String(bytes.array(), StandardCharsets.US_ASCII);
    }
    String password = random();
    channel.write(StandardCharsets.US_ASCII.encode(password + "\n"), 0);
    channel.force(true);
    return password;
  }

  /** What nobody is to know any more, the administrator's password, is changed last. */
  private void makeAccount(String password) throws IOException, SQLException {
    try (Connection connection = isNew() ? as(ADMIN, password) : older(password);
        Statement sql = connection.createStatement()) {
      if (connection.getMetaData().getUserName().equals(NAME)) {
        return;
      }
      sql.execute("alter user \"\" set password '" + password + "'");
      sql.execute("create user if not exists " + NAME + " password '" + password + "'");
      sql.execute("alter user " + NAME + " set password '" + password + "'");
      sql.execute("grant alter any schema to " + NAME);
      sql.execute("alter user \"\" set password '" + random() + "'");
    }
  }

  /**
   * As an older Caravan left it, as a process that died left it, or when all but a file is done.
   */
  private Connection older(String password) throws SQLException {
    for (String[] login : new String[][] {{ADMIN, ""}, {ADMIN, password}, {NAME, password}}) {
      try {
        return as(login[0], login[1]);
      } catch (SQLException e) {
        if (!REFUSED.equals(e.getSQLState())) {
          throw e;
        }
      }
    }
    throw new FaultsException(
        List.of(
            Fault.in(
                "CARAVAN_DB_URL",
                "the embedded database "
                    + database
                    + " has a password, but "
                    + made
                    + " is not there",
                "Put that file back (it belongs in every backup of the database), or set"
                    + " CARAVAN_DB_USER and CARAVAN_DB_PASSWORD to a login of yours.")));
  }

  private Connection as(String user, String password) throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  private static String random() {
    byte[] bytes = new byte[PASSWORD_LENGTH * 3 / 4];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
