import type { Database } from '@lienthong/kit';

/** Deletes traces whose last span is older, oldest first. Returns how many. */
export async function forgetEnded(db: Database, beforeUs: number, most: number): Promise<number> {
  const rows = await db.query({
    name: 'traces_forget_ended',
    text: `delete from trace
            where trace_id in (select trace_id from trace where ended_us < $1::bigint order by ended_us limit $2
                                  for update skip locked)
           returning 1`,
    values: [beforeUs, most],
  });
  return rows.length;
}

/** About what all traces take, in bytes. */
export async function readSize(db: Database): Promise<number> {
  const [row] = await db.query<{ bytes: string }>({
    name: 'traces_size',
    text: 'select coalesce(sum(bytes), 0)::text as bytes from trace',
  });
  return Number(row?.bytes ?? 0);
}

/** Deletes the oldest traces, at least as many as take so many bytes, and at most so many traces. Returns the bytes. */
export async function forgetOldest(db: Database, bytes: number, most: number): Promise<number> {
  const [row] = await db.query<{ bytes: string }>({
    name: 'traces_forget_oldest',
    text: `
      with oldest as (
        select trace_id, sum(bytes) over (order by ended_us, trace_id) - bytes as before
          from (select trace_id, ended_us, bytes from trace order by ended_us, trace_id limit $2) t
      ), gone as (
        delete from trace where trace_id in (select trace_id from oldest where before < $1::bigint) returning bytes
      )
      select coalesce(sum(bytes), 0)::text as bytes from gone`,
    values: [bytes, most],
  });
  return Number(row?.bytes ?? 0);
}
