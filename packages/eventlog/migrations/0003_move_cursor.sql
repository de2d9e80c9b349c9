-- An error, and not an empty answer: so the effects of a batch travel with the cursor's move, and nobody has to wait for
-- what became of it.
create function move_cursor(consumer text, of_source text, from_position bigint, to_position bigint) returns void
language plpgsql as $$
begin
  update consumer_cursor set position = to_position
   where name = consumer and source = of_source and position = from_position;
  if not found then
    raise exception 'cursor % of % is not at % any more', consumer, of_source, from_position using errcode = 'LT001';
  end if;
end
$$;
