-- What an answer changes, run once per record. Parameters: every top-level field of the answer,
-- :key_<column> of the key, :keep_… columns of extract.sql, and :caravan_model, :caravan_batch,
-- :caravan_cost_usd, :caravan_answered_at. The first UPDATE must change exactly one row.
update invoices
set department        = :department,
    extracted_amount  = :amount,
    summary           = :summary,
    approval_required = :approval_required,
    processed_at      = :caravan_answered_at
where invoice_no = :key_invoice_no
