-- What does the morning mail list? One SELECT; you may use :run. Delete this file for counts alone.
--
-- Columns line and flag become lines such as "4711 | Where is my parcel? | COMPLAINT"; other columns
-- become a table. With a column mail_to each receiver gets only the rows of that address.
-- caravan_record is the newest request of each record; record_key is its key as text.

select concat(t.id, ' | ', coalesce(t.summary, '')) as line,
       upper(t.category) as flag
from caravan_record r
join my_table t on concat(t.id, '') = r.record_key
where r.run_id = :run
  and r.job = '@job@'
  and r.outcome = 'completed'
  and t.category = 'complaint'
order by t.id
