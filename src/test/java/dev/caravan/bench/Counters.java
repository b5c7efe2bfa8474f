package dev.caravan.bench;

import dev.caravan.testing.TestDatabase;

/** What PostgreSQL counted for a database: statements that were executed, and transactions. */
final class Counters {
  record Reading(long statements, long commits) {
    static final Reading NONE = new Reading(0, 0);

    Reading minus(Reading before) {
      return new Reading(statements - before.statements, commits - before.commits);
    }
  }

  private final TestDatabase database;

  Counters(TestDatabase admin) {
    this.database = admin;
    admin.execute("create extension if not exists pg_stat_statements");
  }

  Reading read() {
    return new Reading(
        database.count("select coalesce(sum(calls), 0) from pg_stat_statements"),
        database.count(
            "select xact_commit from pg_stat_database where datname = current_database()"));
  }
}
