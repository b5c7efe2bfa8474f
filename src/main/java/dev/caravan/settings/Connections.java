package dev.caravan.settings;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The settings of what Caravan connects to with a user and a password: databases, mail server. */
final class Connections {
  private final Path home;
  private final RawSettings raw;

  Connections(Path home, RawSettings raw) {
    this.home = home;
    this.raw = raw;
  }

  Settings.Database target() {
    String url = raw.text(Key.DB_URL).replace("<home>", home.toString());
    return new Settings.Database(
        database(Key.DB_URL, url),
        nullable(Key.DB_USER),
        secret(Key.DB_PASSWORD),
        nullable(Key.DB_SCHEMA));
  }

  /** What is not set is as in {@code db.*}; a user of its own never gets the other's password. */
  Settings.Database source(Settings.Database target) {
    boolean sameUser = !raw.isSet(Key.SOURCE_USER);
    String url =
        raw.isSet(Key.SOURCE_URL)
            ? database(Key.SOURCE_URL, raw.text(Key.SOURCE_URL).replace("<home>", home.toString()))
            : target.url();
    return new Settings.Database(
        url,
        sameUser ? target.user() : nullable(Key.SOURCE_USER),
        raw.isSet(Key.SOURCE_PASSWORD) || !sameUser
            ? secret(Key.SOURCE_PASSWORD)
            : target.password(),
        null);
  }

  private String database(Key key, String url) {
    if (!url.matches("jdbc:(h2|postgresql|mariadb):.+")) {
      raw.refuse(key, "must be a JDBC URL that begins jdbc:postgresql:, jdbc:mariadb: or jdbc:h2:");
    }
    if (url.matches("jdbc:(postgresql|mariadb)://[^/?;]*@.*")) {
      raw.fault(
          key,
          key.text() + " is " + Masked.of(url) + ", but no driver takes a login before the host",
          "Leave it out of the URL, and set " + loginOf(key) + ".");
    }
    return url;
  }

  private static String loginOf(Key url) {
    return url == Key.DB_URL
        ? "CARAVAN_DB_USER and CARAVAN_DB_PASSWORD"
        : "CARAVAN_SOURCE_USER and CARAVAN_SOURCE_PASSWORD";
  }

  Settings.Smtp smtp() {
    String user = nullable(Key.SMTP_USER);
    Settings.StartTls startTls =
        raw.isSet(Key.SMTP_STARTTLS) || user == null
            ? raw.read(Key.SMTP_STARTTLS, Connections::startTls)
            : Settings.StartTls.REQUIRED;
    int usualPort =
        switch (startTls) {
          case OFF -> 25;
          case REQUIRED -> 587;
          case SMTPS -> 465;
        };
    return new Settings.Smtp(
        nullable(Key.SMTP_HOST),
        raw.isSet(Key.SMTP_PORT) ? raw.within(Key.SMTP_PORT, Integer::valueOf) : usualPort,
        user,
        secret(Key.SMTP_PASSWORD),
        startTls);
  }

  private static Settings.StartTls startTls(String text) {
    return Settings.StartTls.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private Secret secret(Key key) {
    return new Secret(raw.text(key));
  }

  private @Nullable String nullable(Key key) {
    String text = raw.text(key);
    return text.isEmpty() ? null : text;
  }
}
