-- Tokens of an answer that were thinking (part of output_tokens), and why an answer has no price.
alter table caravan_request add column if not exists thinking_tokens bigint;
alter table caravan_request add column if not exists unpriced varchar(200);

-- select r.* names the columns that there are when a view is made
create or replace view caravan_record as
select r.*
from caravan_request r
where not exists (
  select 1
  from caravan_request newer
  where newer.job = r.job
    and newer.key_hash = r.key_hash
    and newer.submission > r.submission);
