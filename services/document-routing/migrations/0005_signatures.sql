-- lienthong.routing.v1.SignatureState: what the check at issue found.
alter table document add column signature_state smallint not null default 0;
-- The same of the check when the recipient took the document in.
alter table delivery add column signature_state smallint not null default 0;
