-- Stored search keys follow rule 2 of the kit's searchKey: letters that Unicode does not decompose are folded.
update agency_name set search_key = regexp_replace(replace(replace(replace(replace(translate(normalize(search_key, NFKD),
           'đðɖɗƀɓƈǥɠħıɨȷɉƙłƚɔøɵƥŧƭʉƴəɛς',
           'ddddbbcgghiijjkllooopttuyeeσ'), 'ŋ', 'ng'), 'ɲ', 'nh'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036f]', '', 'g')
 where search_key ~ '[^ a-z0-9]';
update officer set search_key = regexp_replace(replace(replace(replace(replace(translate(normalize(search_key, NFKD),
           'đðɖɗƀɓƈǥɠħıɨȷɉƙłƚɔøɵƥŧƭʉƴəɛς',
           'ddddbbcgghiijjkllooopttuyeeσ'), 'ŋ', 'ng'), 'ɲ', 'nh'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036f]', '', 'g')
 where search_key ~ '[^ a-z0-9]';
-- "xa ea hleo" of "xa ea h leo": a presyllable of one consonant is also written together with its word.
alter table agency_name add column joined_key text collate "C" not null
  generated always as (regexp_replace(search_key, '(^| )([b-df-hj-np-tv-xz]) (?=[a-z])', '\1\2', 'g')) stored;
create index agency_name_joined_search on agency_name using gin (joined_key gin_trgm_ops);
