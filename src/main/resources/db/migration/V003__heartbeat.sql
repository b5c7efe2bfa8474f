-- When the good end of a run was told to heartbeat.url.
alter table caravan_run add column if not exists heartbeat_at ${timestamp};
