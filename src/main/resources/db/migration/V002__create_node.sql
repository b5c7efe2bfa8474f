-- Which processes work on this ledger, and how each finds the API.
create table if not exists caravan_node (
  owner      varchar(120)        not null primary key,
  work       varchar(12) ${ascii} not null,
  started_at ${timestamp}        not null,
  seen_at    ${timestamp}        not null,
  api        varchar(12) ${ascii} not null,
  api_since  ${timestamp}        not null,
  api_detail ${text}
)${table_options};
