-- How many characters of an answer the target can't hold: they were loaded as U+FFFD.
alter table caravan_request add column if not exists replaced integer;
