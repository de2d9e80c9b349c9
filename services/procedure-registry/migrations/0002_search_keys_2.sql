-- Stored search keys follow rule 2 of the kit's searchKey: letters that Unicode does not decompose are folded.
update version
   set name_key = regexp_replace(replace(replace(replace(replace(translate(normalize(name_key, NFKD),
           'đðɖɗƀɓƈǥɠħıɨȷɉƙłƚɔøɵƥŧƭʉƴəɛς',
           'ddddbbcgghiijjkllooopttuyeeσ'), 'ŋ', 'ng'), 'ɲ', 'nh'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036f]', '', 'g'),
       field_key = regexp_replace(replace(replace(replace(replace(translate(normalize(field_key, NFKD),
           'đðɖɗƀɓƈǥɠħıɨȷɉƙłƚɔøɵƥŧƭʉƴəɛς',
           'ddddbbcgghiijjkllooopttuyeeσ'), 'ŋ', 'ng'), 'ɲ', 'nh'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036f]', '', 'g')
 where name_key ~ '[^ a-z0-9]' or field_key ~ '[^ a-z0-9]';
-- A presyllable of one consonant is also indexed together with the words beside it: "rlap" finds "r lap".
update version t
   set words = array_to_tsvector(array(
         select word from (
           select regexp_replace(replace(replace(replace(replace(translate(normalize(l, NFKD),
           'đðɖɗƀɓƈǥɠħıɨȷɉƙłƚɔøɵƥŧƭʉƴəɛς',
           'ddddbbcgghiijjkllooopttuyeeσ'), 'ŋ', 'ng'), 'ɲ', 'nh'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036f]', '', 'g') as word
             from unnest(tsvector_to_array(t.words)) as l
           union
           select c || regexp_replace(replace(replace(replace(replace(translate(normalize(l, NFKD),
           'đðɖɗƀɓƈǥɠħıɨȷɉƙłƚɔøɵƥŧƭʉƴəɛς',
           'ddddbbcgghiijjkllooopttuyeeσ'), 'ŋ', 'ng'), 'ɲ', 'nh'), 'æ', 'ae'), 'œ', 'oe'), '[\u0300-\u036f]', '', 'g')
             from unnest(tsvector_to_array(t.words)) as c, unnest(tsvector_to_array(t.words)) as l
            where c ~ '^[b-df-hj-np-tv-xzđƀɓɗ]$' and l ~ '^[[:alpha:]]' and l <> c) as folded (word)
          where word <> ''))
 where exists (select from unnest(tsvector_to_array(t.words)) as l where l ~ '[^a-z0-9]|^[b-df-hj-np-tv-xz]$');
