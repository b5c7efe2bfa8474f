-- A run of records that a person asked for again: no whole night, whatever time it has.
alter table caravan_run add column if not exists asked boolean default false not null;
