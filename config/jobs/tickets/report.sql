-- What a person should see first. What load.sql wrote at :started or later is of this run.
select concat('#', t.id, ' | ', t.category, ' | ', t.language, ' | ', coalesce(t.subject, '')) as line,
       upper(t.priority) as flag
from tickets t
where t.answered_at >= :started
  and t.priority in ('urgent', 'high')
order by t.priority desc, t.id
