-- The key that sealed a row, to find those of other keys; '' when its two secrets have different keys.
alter table webhook
  add column sealing_key text generated always as (
    case when split_part(coalesce(previous_secret, secret), '.', 2) = split_part(secret, '.', 2)
         then split_part(secret, '.', 2) else '' end) stored;
create index webhook_sealing on webhook (sealing_key);
