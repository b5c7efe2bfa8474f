create table invoices (
  id                bigint primary key,
  vendor            text not null,
  description       text not null,
  amount            numeric(12, 2) not null,
  department        text,
  extracted_amount  numeric(12, 2),
  summary           text,
  approval_required boolean,
  processed_at      timestamptz
);
