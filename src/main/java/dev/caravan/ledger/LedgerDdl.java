package dev.caravan.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a database administrator runs where Caravan's account may not create tables: pending
 * migrations, Flyway's history of them, and the account's rights.
 */
public final class LedgerDdl {
  private static final Pattern CREATES =
      Pattern.compile(
          "(?im)^\\s*create\\s+(?:table(?: if not exists)?|(?:or replace )?view)\\s+(caravan_\\w+)");
  private static final String HISTORY = "caravan_schema_history";

  private final LedgerTables tables;
  private final Ledger ledger;
  private final @Nullable String schema;

  public LedgerDdl(LedgerTables tables, Ledger ledger, @Nullable String schema) {
    this.tables = tables;
    this.ledger = ledger;
    this.schema = schema == null || schema.isBlank() ? null : schema;
  }

  /**
   * The SQL for this database as it is now. After it has run, {@link LedgerTables#migrate()} finds
   * nothing to do and needs no right to create.
   */
  public String sql() {
    try {
      return sql(tables.info());
    } catch (FlywayException e) {
      if (!mayNotBeSeen(e)) {
        throw e;
      }
      return unseen();
    }
  }

  private static boolean mayNotBeSeen(FlywayException e) {
    return e.getCause() instanceof SQLException && SqlFault.of(e) == SqlFault.OTHER;
  }

  /** For an account without a right to the history, so that nobody can say what is missing. */
  private String unseen() {
    List<String> parts = new ArrayList<>();
    parts.add(
        "-- Some of the tables are there, but this account has no right to see which. Grant the"
            + " rights,\n-- then print this again: it tells whether tables are to be made or upgraded.");
    parts.addAll(place());
    parts.addAll(rights(LedgerTables.known(ledger.vendor())));
    return String.join("\n\n", parts) + "\n";
  }

  private String sql(MigrationInfoService info) {
    List<String> parts = new ArrayList<>();
    parts.add("-- Caravan's tables, to be run once by an account that may create tables.");
    parts.addAll(place());
    if (info.pending().length == 0) {
      parts.add("-- The tables are up to date; only the rights follow.");
    } else {
      parts.add(history());
    }
    int rank = Arrays.stream(info.applied()).mapToInt(m -> m.getInstalledRank()).max().orElse(0);
    for (MigrationInfo migration : info.pending()) {
      parts.add("-- " + migration.getScript());
      parts.add(text(migration).strip());
      parts.add(row(migration, ++rank));
    }
    parts.addAll(rights(info));
    return String.join("\n\n", parts) + "\n";
  }

  private List<String> place() {
    String database =
        ledger.vendor() == Vendor.MARIADB && schema == null
            ? ledger.sql("select database()").query(String.class).single()
            : schema;
    if (database == null) {
      return List.of();
    }
    String use =
        switch (ledger.vendor()) {
          case POSTGRESQL -> "set search_path to " + database + ";";
          case MARIADB -> "use " + database + ";";
          case H2 -> "set schema " + database + ";";
        };
    return schema == null
        ? List.of(use)
        : List.of("create schema if not exists " + schema + ";", use);
  }

  /** As Flyway 11 makes it. */
  private String history() {
    return """
        create table if not exists %1$s (
          %2$sinstalled_rank%2$s int not null,
          %2$sversion%2$s varchar(50),
          %2$sdescription%2$s varchar(200) not null,
          %2$stype%2$s varchar(20) not null,
          %2$sscript%2$s varchar(1000) not null,
          %2$schecksum%2$s int,
          %2$sinstalled_by%2$s varchar(100) not null,
          %2$sinstalled_on%2$s timestamp default current_timestamp not null,
          %2$sexecution_time%2$s int not null,
          %2$ssuccess%2$s boolean not null,
          constraint %2$scaravan_schema_history_pk%2$s primary key (%2$sinstalled_rank%2$s)
        );"""
        .formatted(quoted(HISTORY), quote());
  }

  private String row(MigrationInfo migration, int rank) {
    List<String> columns =
        List.of(
            "installed_rank",
            "version",
            "description",
            "type",
            "script",
            "checksum",
            "installed_by",
            "execution_time",
            "success");
    return "insert into %s (%s)\nvalues (%d, '%s', '%s', '%s', '%s', %d, current_user, 0, true);"
        .formatted(
            quoted(HISTORY),
            String.join(", ", columns.stream().map(this::quoted).toList()),
            rank,
            migration.getVersion().getVersion(),
            migration.getDescription(),
            migration.getType().name(),
            migration.getScript(),
            migration.getChecksum());
  }

  private List<String> rights(MigrationInfoService info) {
    String account = account();
    List<String> rights = new ArrayList<>();
    rights.add("-- The rights of the account that Caravan runs with.");
    if (schema != null && ledger.vendor() == Vendor.POSTGRESQL) {
      rights.add("grant usage on schema " + schema + " to " + account + ";");
    }
    Set<String> names = new LinkedHashSet<>();
    for (MigrationInfo migration : info.all()) {
      CREATES
          .matcher(text(migration))
          .results()
          .map(created -> created.group(1))
          .forEach(names::add);
    }
    List<String> grants = new ArrayList<>();
    grants.add("grant select on " + quoted(HISTORY) + " to " + account + ";");
    names.forEach(
        name ->
            grants.add("grant select, insert, update, delete on " + name + " to " + account + ";"));
    rights.add(String.join("\n", grants));
    return rights;
  }

  /** The account of this connection, as a grant names it. */
  private String account() {
    String user = ledger.sql("select current_user").query(String.class).single();
    if (ledger.vendor() == Vendor.MARIADB) {
      int at = user.lastIndexOf('@');
      return "'" + user.substring(0, at) + "'@'" + user.substring(at + 1) + "'";
    }
    return "\"" + user + "\"";
  }

  /** H2 would store the names of Flyway's table in upper case. */
  private String quote() {
    return ledger.vendor() == Vendor.H2 ? "\"" : "";
  }

  private String quoted(String name) {
    return quote() + name + quote();
  }

  /** A migration with its placeholders filled in; nothing for one that is no script. */
  private String text(MigrationInfo migration) {
    try (InputStream script =
        LedgerDdl.class.getResourceAsStream("/db/migration/" + migration.getScript())) {
      if (script == null) {
        return "";
      }
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> word : ledger.vendor().placeholders().entrySet()) {
        text = text.replace("${" + word.getKey() + "}", word.getValue());
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
