-- Finds the mails of a time when a bounce names neither the message nor its queue id. BRIN: attempts are inserted in the
-- order of time, and an entry for each would cost every message a write.
create index attempt_at on attempt using brin (at) with (autosummarize = on);
