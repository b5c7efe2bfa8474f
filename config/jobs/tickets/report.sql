-- What a person should see first.
select concat('#', t.id, ' | ', t.category, ' | ', t.language, ' | ', coalesce(t.subject, '')) as line,
       upper(t.priority) as flag
from caravan_record r
join tickets t on concat(t.id, '') = r.record_key
where r.run_id = :run
  and r.job = 'tickets'
  and r.outcome = 'completed'
  and t.priority in ('urgent', 'high')
order by t.priority desc, t.id
