select id, vendor, description, amount
from invoices
where processed_at is null
order by id
