-- The rows that the morning mail lists: columns line and flag. Parameter: :run.
-- caravan_record holds the newest request of each record; record_key is its key as text.
select concat(i.invoice_no, ' | ', coalesce(i.department, '?'), ' | ',
              coalesce(i.extracted_amount, 0), ' | ', coalesce(i.summary, '')) as line,
       'APPROVAL REQUIRED' as flag
from caravan_record r
join invoices i on i.invoice_no = r.record_key
where r.run_id = :run
  and r.job = 'invoices'
  and r.outcome = 'completed'
  and i.approval_required = true
order by i.extracted_amount desc, i.invoice_no
