update tickets
set category     = :category,
    priority     = :priority,
    language     = :language,
    draft_answer = :draft_answer,
    answered_at  = :caravan_answered_at
where id = :key_id
