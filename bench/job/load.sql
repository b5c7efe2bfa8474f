update invoices
set department        = :department,
    extracted_amount  = :amount,
    summary           = :summary,
    approval_required = :approval_required,
    processed_at      = :caravan_answered_at
where id = :key_id
