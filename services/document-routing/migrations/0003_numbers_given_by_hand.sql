-- A number given by hand no longer moves its series; a draw skips it.

-- The number of a document whose issuer gave it, when it is plain digits: what a draw of the series must skip.
alter table document add column given_number bigint;

-- Earlier versions let a number given by hand move the series: "20260312" made the next draw 20260313, and eleven nines
-- ended the series. Which numbers were drawn was not stored, so the repair is conservative: only a series beyond 100,000
-- that has never used 99,999 was moved by such a number, for no series reaches six digits without passing it. It goes on
-- after its highest number of at most five digits. A smaller jump may be intended, such as a register that goes on from
-- paper; there an officer sets the series.
update number_series s
   set next = coalesce((select max(doc.number_key::bigint)
                          from document doc
                         where (doc.issuer_id, doc.year, doc.notation) = (s.issuer_id, s.year, s.notation)
                           and doc.number_key ~ '^[0-9]{1,5}$'), 0) + 1
 where s.next > 100000
   and not exists (select from document doc
                    where (doc.issuer_id, doc.year, doc.notation) = (s.issuer_id, s.year, s.notation)
                      and doc.number_key = '99999');

-- An officer may set a series; it is the aggregate of that event.
alter table number_series
  add column id uuid not null default gen_random_uuid() unique,
  -- The number of its events.
  add column version int not null default 0,
  -- The highest number drawn. Of earlier numbers it is not known whether they were drawn: they count as drawn.
  add column last_drawn bigint not null default 0;
update number_series set last_drawn = next - 1;

-- Numbers ahead of a repaired series are used, whether given or drawn.
update document doc
   set given_number = doc.number_key::bigint
  from number_series s
 where (doc.issuer_id, doc.year, doc.notation) = (s.issuer_id, s.year, s.notation)
   and case when doc.number_key ~ '^[0-9]{1,11}$' then doc.number_key::bigint end >= s.next;

create index document_given_number on document (issuer_id, year, notation, given_number)
 where given_number is not null;
