package dev.caravan.bench;

import dev.caravan.testing.TestDatabase;

/** Nights of long ago: a ledger with so many requests of other records of the same job. */
final class History {
  private static final int PER_BATCH = 100_000;

  private final TestDatabase database;

  History(TestDatabase database) {
    this.database = database;
  }

  /** Fills an empty ledger; keys are random, and the tables analysed. */
  void fill(int requests) {
    int batches = (requests + PER_BATCH - 1) / PER_BATCH;
    database.execute(
        """
        insert into caravan_run (job, due_at, state, pass, started_at, extracted_at, ended_at,
                                 reported_at, report_kind)
        select 'invoices', day, 'ended', 1, day, day, day, day, 'final'
        from generate_series(1, %d) n
        cross join lateral (select timestamp '2010-01-01' + n * interval '1 day' as day) d"""
            .formatted(batches),
        """
        insert into caravan_batch (nonce, run_id, job, msgbatch_id, state, requests, spool,
                                   created_at, expires_at, ended_at, collected_at, opened_at,
                                   succeeded, spool_removed_at, texts_blanked_at)
        select 'o' || lpad(id::text, 7, '0'), id, job, 'msgbatch_old' || id, 'collected', %1$d,
               'old/invoices', due_at, due_at, due_at, due_at, due_at, %1$d, due_at, due_at
        from caravan_run"""
            .formatted(PER_BATCH),
        // one index at a time, and after the rows
        "alter table caravan_request drop constraint caravan_request_pkey",
        "alter table caravan_request drop constraint caravan_request_open",
        "alter table caravan_request drop constraint caravan_request_submission",
        "drop index caravan_request_run",
        """
        insert into caravan_request (nonce, n, run_id, pass, job, record_key, key_hash, row_hash,
               row_values, submission, attempt, custom_id, outcome, model, max_tokens, input_tokens,
               output_tokens, cost_usd, list_usd, spool_offset, spool_length, result_offset,
               result_length, answered_at)
        select b.nonce, n, b.run_id, 1, b.job, 'old-' || k, md5('a' || k) || md5('b' || k),
               md5('c' || k) || md5('d' || k), '', 1, 1, b.job || '_' || b.nonce || '_' || n,
               'completed', 'claude-haiku-5-5', 256, 410, 38, 0.0003, 0.0006, n * 2000, 2000,
               n * 600, 600, b.created_at
        from caravan_batch b
        cross join generate_series(0, %1$d - 1) n
        cross join lateral (select b.run_id * %1$d + n as k) key
        where b.spool = 'old/invoices'"""
            .formatted(PER_BATCH),
        "alter table caravan_request add primary key (nonce, n)",
        "alter table caravan_request add constraint caravan_request_open unique (open_key)",
        "alter table caravan_request add constraint caravan_request_submission"
            + " unique (job, key_hash, submission)",
        "create index caravan_request_run on caravan_request (run_id, outcome)",
        "analyze");
  }
}
