package dev.caravan.check;

import dev.caravan.Backstage;
import dev.caravan.LedgerBeans;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchState;
import dev.caravan.batch.Reasons;
import dev.caravan.ledger.SqlFault;
import dev.caravan.settings.Fault;
import dev.caravan.settings.Job;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Whether Caravan's own tables are there or can be made, and are ours. */
final class LedgerCheck {
  private static final String WHERE = "CARAVAN_DB_URL";
  private static final String DDL =
      "./caravan check --ddl prints the SQL with which a database administrator creates them.";

  private final Settings settings;
  private final LedgerBeans beans;
  private final JdbcTemplate jdbc;
  private final List<Job> jobs;
  private final List<Fault> faults = new ArrayList<>();
  private boolean ready;

  LedgerCheck(Settings settings, Backstage backstage, List<Job> jobs) {
    this.settings = settings;
    this.beans = backstage.ledger();
    this.jdbc = new JdbcTemplate(backstage.writer());
    this.jobs = jobs;
  }

  List<Fault> faults() {
    try {
      List<String> pending = beans.tables.pending();
      ready = pending.isEmpty();
      if (ready) {
        home();
        orphans();
        faults.addAll(SharedSpool.faults(settings.spool().dir(), beans.nodes));
      } else {
        mayCreate(pending);
      }
    } catch (FlywayException | DataAccessException e) {
      faults.add(Fault.in(WHERE, "the ledger can't be read: " + SqlFault.message(e), DDL));
    }
    return faults;
  }

  /** Whether the tables are there, as of the last {@link #faults()}. */
  boolean isReady() {
    return ready;
  }

  /** Tries it with a table of no use, in the schema that is meant. */
  private void mayCreate(List<String> pending) {
    String schema = settings.target().schema();
    String prefix = schema == null ? "" : schema + ".";
    try {
      if (schema != null && !exists(schema)) {
        jdbc.execute("create schema " + schema);
        jdbc.execute("drop schema " + schema);
        return;
      }
      jdbc.execute("create table " + prefix + "caravan_check_ddl (id integer)");
      jdbc.execute("drop table " + prefix + "caravan_check_ddl");
    } catch (DataAccessException e) {
      faults.add(
          Fault.in(
              WHERE,
              "Caravan's tables ("
                  + String.join(", ", pending)
                  + ") are not there, and the account "
                  + settings.target().user()
                  + " is not allowed to create them: "
                  + SqlPlace.message(e),
              DDL));
    }
  }

  private boolean exists(String schema) {
    return !jdbc.queryForList(
            "select 1 from information_schema.schemata where lower(schema_name) = lower(?)",
            Integer.class,
            schema)
        .isEmpty();
  }

  private void home() {
    Optional<String> ledgers = beans.home.id();
    Path file = settings.home().resolve("data/home.id");
    String ours = "";
    try {
      ours = Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      faults.add(
          Fault.in("data/home.id", "can't be read: " + Reasons.of(e), "Check its permissions."));
      return;
    }
    if (ledgers.isPresent() && !ledgers.get().equals(ours)) {
      faults.add(
          Fault.in(
              "data/home.id",
              (ours.isEmpty() ? "is missing or empty" : "is " + ours)
                  + ", but this ledger belongs to "
                  + ledgers.get()
                  + ": one of the two was copied or restored",
              "Make sure that no other Caravan works on it, then run ./caravan own"));
    }
  }

  private void orphans() {
    List<String> known = jobs.stream().map(Job::name).toList();
    beans
        .batches
        .in(
            BatchState.READY,
            BatchState.SUBMITTING,
            BatchState.IN_PROGRESS,
            BatchState.CANCELING,
            BatchState.ENDED,
            BatchState.DOUBT,
            BatchState.HELD)
        .stream()
        .filter(batch -> !known.contains(batch.job()))
        .collect(Collectors.groupingBy(Batch::job, Collectors.counting()))
        .forEach(
            (job, count) ->
                faults.add(
                    Fault.in(
                            "config/jobs/" + job,
                            "is missing or broken, but "
                                + count
                                + " of its batches are not collected yet",
                            "Put the folder and the route file back until they are.")
                        .asWarning()));
  }
}
