-- When a collected batch was deleted at the API, where collect.delete-at-api asks for it.
alter table caravan_batch add column if not exists deleted_at ${timestamp};
