-- Where does an answer go? Run once for each answered record, in the database of db.url. Several
-- statements are separated by ; and run in order, all of them or none.
--
-- You may use
--   :category, :summary      every field of output.schema.json
--   :key_id                  the key of the record
--   :keep_…                  columns of extract.sql of that name
--   :caravan_model :caravan_batch :caravan_cost_usd :caravan_answered_at
--
-- :caravan_answered_at is an instant; a column without a time zone gets the job's local time.
-- The first UPDATE must change exactly one row: the where with the key sees to that. A first INSERT must
-- write a row. What the database refuses for one record rejects that record alone.

update my_table
set category    = :category,
    summary     = :summary,
    answered_at = :caravan_answered_at
where id = :key_id
