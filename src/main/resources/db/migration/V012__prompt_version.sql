-- Which version of a job's prompt, schema and model rule each request was rendered with.
alter table caravan_request add column if not exists prompt_version varchar(64) ${ascii};
alter table caravan_run add column if not exists prompt_version varchar(64) ${ascii};
alter table caravan_job add column if not exists prompt_version varchar(64) ${ascii};

-- A run in which a person wants finished records to be sent again.
alter table caravan_run add column if not exists again boolean default false not null;

-- The records that a run was asked for, where it is not about all that is new.
create table if not exists caravan_asked (
  job      varchar(12) ${ascii} not null,
  due_at   ${timestamp}         not null,
  key_hash varchar(64) ${ascii} not null,
  primary key (job, due_at, key_hash)
)${table_options};

-- A view has the columns that its table had when it was made.
create or replace view caravan_record as
select r.*
from caravan_request r
where not exists (
  select 1
  from caravan_request newer
  where newer.job = r.job
    and newer.key_hash = r.key_hash
    and newer.submission > r.submission);
