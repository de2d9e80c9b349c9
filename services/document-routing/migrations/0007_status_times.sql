alter table delivery_status
  -- When it happened in the recipient's system; null: when it was reported.
  add column happened_at timestamptz,
  -- News of a status that the delivery had passed.
  add column late boolean not null default false;
