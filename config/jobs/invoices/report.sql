-- The rows that the morning mail lists: columns line and flag. Parameters: :started, :run.
-- What load.sql wrote at :started or later is of this run.
select concat(i.invoice_no, ' | ', coalesce(i.department, '?'), ' | ',
              coalesce(i.extracted_amount, 0), ' | ', coalesce(i.summary, '')) as line,
       'APPROVAL REQUIRED' as flag
from invoices i
where i.processed_at >= :started
  and i.approval_required = true
order by i.extracted_amount desc, i.invoice_no
