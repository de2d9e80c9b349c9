-- Payments that citizens begin through the provider. Rows stay: a payment may be made late.
create table payment (
  -- The provider knows the payment by it; also the idempotency key.
  id uuid primary key,
  dossier_id uuid not null,
  -- Since when the dossier waits for it.
  requested_at timestamptz not null,
  amount_vnd bigint not null,
  -- PaymentState of src/domain/dossier/state.ts.
  state smallint not null,
  -- The provider's page; null until the provider has answered.
  url text,
  expires_at timestamptz,
  -- The provider's, of a payment that was made.
  reference text not null default '',
  created_at timestamptz not null,
  -- When the provider is asked for the payment's state; null once that does not change any more.
  check_at timestamptz,
  checks int not null default 0
);
-- One open payment for each request of a dossier.
create unique index payment_open on payment (dossier_id, requested_at) where state = 1;
create index payment_due on payment (check_at) where check_at is not null;
create index payment_surplus on payment (id) where state = 3;

-- What the provider reported that is not what was requested: for operators.
create table payment_problem (
  id uuid primary key,
  payment_id uuid not null,
  -- lienthong.casework.v1.PaymentProblemKind
  kind smallint not null,
  -- As the provider wrote them.
  amount text not null,
  currency text not null,
  reference text not null,
  at timestamptz not null,
  settled_at timestamptz,
  settled_by text not null default '',
  note text not null default '',
  unique (payment_id, kind, amount, currency, reference)
);
create index payment_problem_open on payment_problem (at) where settled_at is null;
