-- SHA-256 of the entry's canonical record: what the tree takes as its leaf, without reading the record again. Null in
-- entries that a version before this one recorded.
alter table entry add column record_hash bytea;
