-- When the spool files of a batch were compressed.
alter table caravan_batch add column if not exists spool_compressed_at ${timestamp};
