-- The records of tonight: one SELECT. Its columns are what prompt.md and the route can use.
-- Parameters: :due (when this run was due), :night (its date).
-- Columns named keep_… are given back to load.sql.
select invoice_no,
       vendor,
       description,
       char_length(description) as description_length,
       amount,
       received_on
from invoices
where processed_at is null
  and (received_on is null or received_on <= :night)
order by invoice_no
