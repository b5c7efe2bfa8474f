-- What does the morning mail list? One SELECT; you may use :started and :run. Delete this file for counts alone.
--
-- Columns line and flag become lines such as "4711 | Where is my parcel? | COMPLAINT"; other columns
-- become a table. With a column mail_to each receiver gets only the rows of that address.
-- :started is the first time that :caravan_answered_at had in this run. What load.sql wrote since then is
-- of this run, so that your own table is all that is read. An index on that column makes it quick.
-- The mail does not wait longer than report.timeout (30s); it shows the first report.rows (500).

select concat(t.id, ' | ', coalesce(t.summary, '')) as line,
       upper(t.category) as flag
from my_table t
where t.answered_at >= :started
  and t.category = 'complaint'
order by t.id
