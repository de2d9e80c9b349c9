-- contract: nobody reads it any more
select 1;
