package dev.caravan.settings;

import java.util.regex.Pattern;

/** Texts that may have a URL in them, fit for people and logs: whatever logs in is masked. */
public final class Masked {
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([a-z]*(?:password|passwd|pwd|passphrase|secret|token)=)[^&;\\s]*");
  private static final Pattern USER_INFO =
      Pattern.compile("//[^\\s\"'?;]*@|(?<=^|\\s)[^\\s/:@]+:[^\\s/@]+@");

  private Masked() {}

  /**
   * {@code //user:secret@host}, {@code ?password=…}, {@code ;PASSWORD=…}, {@code &sslpassword=…}.
   */
  public static String of(String text) {
    String masked = PARAMETER.matcher(text).replaceAll("$1xxxxxx");
    return USER_INFO
        .matcher(masked)
        .replaceAll(login -> (login.group().startsWith("//") ? "//" : "") + "xxxxxx@");
  }

  /** And without the password of this database, wherever it stands. */
  public static String of(String text, Settings.Database database) {
    String masked = of(text);
    return database.password().isEmpty()
        ? masked
        : masked.replace(database.password().reveal(), "xxxxxx");
  }
}
