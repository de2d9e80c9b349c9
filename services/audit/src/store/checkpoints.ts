import type { Database, Reader } from '@lienthong/kit';

export interface CheckpointRow {
  size: number;
  /** The signed note with the cosignatures so far. */
  note: string;
}

/** The newest checkpoint of a log; with `published` the newest that as many witnesses have cosigned as required. */
export async function newestCheckpoint(
  reader: Reader,
  origin: string,
  { published }: { published: boolean },
): Promise<CheckpointRow | undefined> {
  const [row] = await reader.query<CheckpointRow>({
    name: published ? 'audit_published_checkpoint' : 'audit_signed_checkpoint',
    text: `select size, note from checkpoint where origin = $1 ${published ? 'and published' : ''}
            order by size desc limit 1`,
    values: [origin],
  });
  return row;
}

/** For how many seconds an entry has waited for a published checkpoint that covers it; 0: they all have one. */
export async function checkpointLag(reader: Reader, origin: string): Promise<number> {
  const [oldest] = await reader.query<{ seconds: number }>({
    name: 'audit_checkpoint_lag',
    text: `select extract(epoch from now() - recorded_at)::float8 as seconds
             from entry
            where leaf >= coalesce((select max(size) from checkpoint where origin = $1 and published), 0)
            order by leaf limit 1`,
    values: [origin],
  });
  return oldest?.seconds ?? 0;
}

export async function checkpointOf(
  reader: Reader,
  origin: string,
  size: number,
): Promise<CheckpointRow | undefined> {
  const [row] = await reader.query<CheckpointRow>({
    name: 'audit_checkpoint',
    text: 'select size, note from checkpoint where origin = $1 and size = $2 and published',
    values: [origin, size],
  });
  return row;
}

/** Adds a checkpoint that no witness has cosigned yet; leaves one of the size as it is. */
export async function addCheckpoint(
  db: Database,
  { origin, size, note, quorum }: CheckpointRow & { origin: string; quorum: number },
): Promise<void> {
  await db.query({
    name: 'audit_add_checkpoint',
    text: `insert into checkpoint (origin, size, note, published) values ($1, $2, $3, $4 = 0)
           on conflict (origin, size) do nothing`,
    values: [origin, size, note, quorum],
  });
}

/** Adds a witness's line to the checkpoint that it has cosigned; a second line of the same witness counts for nothing. */
export async function addCosignature(
  db: Database,
  {
    origin,
    size,
    name,
    line,
    quorum,
  }: { origin: string; size: number; name: string; line: string; quorum: number },
): Promise<void> {
  await db.query({
    name: 'audit_add_cosignature',
    text: `update checkpoint
              set note = note || $3, cosignatures = cosignatures + 1, published = cosignatures + 1 >= $4
            where origin = $1 and size = $2 and position($5 in note) = 0`,
    values: [origin, size, line, quorum, `\n— ${name} `],
  });
}
