-- How often in a row the API did not accept the records of a batch (its next pause grows with it), how often in a row it was
-- refused for a like fault of one request, and when, by the API's clock, the last look at a doubt counted.
alter table caravan_batch add column if not exists unaccepted integer default 0 not null;
alter table caravan_batch add column if not exists alike integer default 0 not null;
alter table caravan_batch add column if not exists looked_at ${timestamp};
-- Since when no batch of a job was accepted although some were posted, what came of the last, and when people were told.
alter table caravan_job add column if not exists unaccepted_since ${timestamp};
alter table caravan_job add column if not exists unaccepted_detail ${text};
alter table caravan_job add column if not exists unaccepted_alerted_at ${timestamp};
-- Where the list showed a candidate, and since when, and how often, its own address has been 404.
alter table caravan_candidate add column if not exists workspace_id varchar(200);
alter table caravan_candidate add column if not exists missing_since ${timestamp};
alter table caravan_candidate add column if not exists missing_looks integer default 0 not null;
