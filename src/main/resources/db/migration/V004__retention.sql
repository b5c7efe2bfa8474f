-- When retention removed a batch's spool files, and when it blanked the texts of its requests.
alter table caravan_batch add column if not exists spool_removed_at ${timestamp};
alter table caravan_batch add column if not exists texts_blanked_at ${timestamp};
