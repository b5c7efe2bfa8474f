-- Tickets that nobody has answered, oldest first.
select id,
       subject,
       body,
       char_length(body) as body_length,
       created_at
from tickets
where answered_at is null
  and created_at < :due
order by created_at, id
