-- Caravan's own tables. All times are UTC. Placeholders are the few words in which the databases differ (ledger/Vendor).
-- Safe to run beside an application's tables: every name begins with caravan_.
-- Every statement may run again: a process may die between a migration and its entry in the history.

create table if not exists caravan_home (
  id         varchar(36) ${ascii} not null primary key,
  created_at ${timestamp}         not null
)${table_options};

create table if not exists caravan_job (
  job          varchar(12) ${ascii} not null primary key,
  paused_at    ${timestamp},
  paused_cause ${text}
)${table_options};

create table if not exists caravan_run (
  id             ${identity},
  job            varchar(12) ${ascii} not null,
  due_at         ${timestamp}         not null,
  state          varchar(12) ${ascii} not null,
  pass           integer              not null,
  max_records    integer,
  rows_read      bigint default 0     not null,
  skipped_open   bigint default 0     not null,
  skipped_done   bigint default 0     not null,
  duplicate_keys bigint default 0     not null,
  bad_keys       bigint default 0     not null,
  owner          varchar(120),
  lease_until    ${timestamp},
  started_at     ${timestamp}         not null,
  extracted_at   ${timestamp},
  ended_at       ${timestamp},
  reported_at    ${timestamp},
  report_kind    varchar(12) ${ascii},
  error          ${text},
  constraint caravan_run_firing unique (job, due_at)
)${table_options};

create table if not exists caravan_batch (
  nonce             varchar(8) ${ascii}   not null primary key,
  run_id            bigint                not null,
  job               varchar(12) ${ascii}  not null,
  msgbatch_id       varchar(200) ${ascii},
  state             varchar(12) ${ascii}  not null,
  cause             varchar(100),
  detail            ${text},
  requests          integer default 0     not null,
  bytes             bigint default 0      not null,
  spool             varchar(200)          not null,
  workspace_id      varchar(200),
  doubt_count       integer,
  post_began_at     ${timestamp},
  doubt_began_at    ${timestamp},
  doubt_looks       integer default 0     not null,
  created_at        ${timestamp},
  expires_at        ${timestamp},
  ended_at          ${timestamp},
  collected_at      ${timestamp},
  alerted_at        ${timestamp},
  lost_at           ${timestamp},
  missing_since     ${timestamp},
  opened_at         ${timestamp}          not null,
  next_look_at      ${timestamp},
  looks             integer default 0     not null,
  downloads         integer default 0     not null,
  downloaded_at     ${timestamp},
  cancel_cause      varchar(20) ${ascii},
  owner             varchar(120),
  lease_until       ${timestamp},
  processing        integer default 0     not null,
  succeeded         integer default 0     not null,
  errored           integer default 0     not null,
  canceled          integer default 0     not null,
  expired           integer default 0     not null,
  stray_lines       integer default 0     not null,
  constraint caravan_batch_msgbatch unique (msgbatch_id),
  constraint caravan_batch_doubt unique (doubt_count)
)${table_options};

create index if not exists caravan_batch_state on caravan_batch (state, job);
create index if not exists caravan_batch_run on caravan_batch (run_id);

create table if not exists caravan_schema (
  hash varchar(64) ${ascii} not null primary key,
  text ${text}              not null
)${table_options};

create table if not exists caravan_request (
  nonce          varchar(8) ${ascii}  not null,
  n              integer              not null,
  run_id         bigint               not null,
  pass           integer              not null,
  job            varchar(12) ${ascii} not null,
  record_key     varchar(400)         not null,
  key_hash       varchar(64) ${ascii} not null,
  row_hash       varchar(64) ${ascii} not null,
  row_values     ${text}              not null,
  submission     integer              not null,
  attempt        integer              not null,
  custom_id      varchar(64) ${ascii} not null,
  open_key       varchar(80) ${ascii},
  outcome        varchar(12) ${ascii},
  cause          varchar(100),
  detail         ${text},
  superseded     boolean default false not null,
  not_before     ${timestamp},
  model          varchar(100),
  max_tokens     integer,
  schema_hash    varchar(64) ${ascii},
  input_tokens   bigint,
  cache_write_5m bigint,
  cache_write_1h bigint,
  cache_read     bigint,
  output_tokens  bigint,
  cost_usd       numeric(20,12),
  list_usd       numeric(20,12),
  spool_offset   bigint,
  spool_length   integer,
  result_offset  bigint,
  result_length  integer,
  answered_at    ${timestamp},
  primary key (nonce, n),
  constraint caravan_request_open unique (open_key),
  constraint caravan_request_submission unique (job, key_hash, submission)
)${table_options};

create index if not exists caravan_request_run on caravan_request (run_id, outcome);

create or replace view caravan_record as
select r.*
from caravan_request r
where not exists (
  select 1
  from caravan_request newer
  where newer.job = r.job
    and newer.key_hash = r.key_hash
    and newer.submission > r.submission);

create table if not exists caravan_candidate (
  nonce        varchar(8) ${ascii}   not null,
  msgbatch_id  varchar(200) ${ascii} not null,
  state        varchar(12) ${ascii}  not null,
  created_at   ${timestamp},
  found_at     ${timestamp}          not null,
  next_look_at ${timestamp},
  primary key (nonce, msgbatch_id)
)${table_options};

create table if not exists caravan_mail (
  id          ${identity},
  message_id  varchar(200)         not null,
  run_id      bigint,
  recipients  ${text}              not null,
  subject     varchar(400)         not null,
  html        ${text}              not null,
  plain       ${text}              not null,
  created_at  ${timestamp}         not null,
  next_try_at ${timestamp}         not null,
  tries       integer default 0    not null,
  error       ${text},
  constraint caravan_mail_message unique (message_id)
)${table_options};

-- Who adopted, canceled, retried, paused, owned: asked for by people who must answer for the money.
create table if not exists caravan_action (
  id      ${identity},
  at      ${timestamp}  not null,
  os_user varchar(100)  not null,
  action  varchar(20)   not null,
  subject varchar(200)  not null,
  detail  ${text}
)${table_options};
