import { randomBytes, randomUUID } from 'node:crypto';
import type { GetProofResponse } from '@lienthong/contracts/audit';
import { type AuditRecord, commit, createSalts, entryOf } from '@lienthong/evidence';
import {
  appendLeaves,
  frontierOf,
  HASH_BYTES,
  leafHash,
  nodesInTiles,
  parseCheckpoint,
  parseNote,
  parseProof,
  proveRange,
  type ReadTiles,
  TILE_WIDTH,
  verifyInclusion,
} from '@lienthong/transparency-log';
import pg from 'pg';
import type { Agency } from '../agencies.ts';
import { percentile } from '../load.ts';
import type { Target } from '../target.ts';
import { covered } from './audited.ts';

/** Leaves between two that still have their entry: the others' entries are as good as archived. */
const ENTRY_EVERY = 100;
const BATCH = TILE_WIDTH * TILE_WIDTH;
const TILE_LEVELS = 8;
/** Where the bundles of entries are, beside the tiles of hashes. */
const ENTRIES = -1;
const WARMING = 200;

export interface ProofLatency {
  p50: number;
  p99: number;
}

/**
 * Milliseconds for the proof of an entry by its index, one call after the other, in a log of `total` leaves. The leaves
 * that the log lacks are generated in bulk. Every proof is verified, outside of the measured time.
 */
export async function proofLatency(
  target: Target,
  agencies: readonly Agency[],
  total: number,
  proofs: number,
): Promise<ProofLatency> {
  const [agency] = agencies as [Agency];
  const database = new pg.Client({ connectionString: target.databaseUrl });
  await database.connect();
  try {
    await target.quiet();
    await covered(database);
    await database.query('set search_path = audit');
    const first = await grow(database, agency.id, total);
    await database.query('vacuum analyze tile');
    await database.query('vacuum analyze entry');
    // What the bulk left unwritten would be written while proofs are measured.
    await database.query('checkpoint');
    await covered(database);
    const getProof = await target.proofs();
    const samples: number[] = [];
    for (let n = 0; n < proofs + WARMING; n += 1) {
      const chosen = Math.floor(Math.random() * Math.floor((total - first) / ENTRY_EVERY));
      const index = BigInt(first + chosen * ENTRY_EVERY);
      const start = performance.now();
      const reply = await getProof({ entry: { $case: 'index', value: index } });
      if (n >= WARMING) samples.push(performance.now() - start);
      requireVerifies(reply);
    }
    return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
  } finally {
    await database.end();
  }
}

function requireVerifies({ record, proof }: GetProofResponse): void {
  const { index, hashes, checkpoint } = parseProof(proof);
  const { size, root } = parseCheckpoint(parseNote(checkpoint).text);
  const entry = entryOf(JSON.parse(Buffer.from(record).toString()) as AuditRecord);
  if (!verifyInclusion(leafHash(entry), index, size, hashes, root))
    throw new Error(`the proof of leaf ${index} does not verify`);
}

/**
 * Adds leaves until the log has `total`, as one transaction: the log's writer waits for it. The service's tree worker
 * then finds that another has grown the tree, says so and begins again from the tiles.
 * @returns the first leaf that was added
 */
async function grow(database: pg.Client, agencyId: string, total: number): Promise<number> {
  await database.query('begin');
  const { rows } = await database.query<{ leaves: string }>('select leaves from entry_head for update');
  const first = Number(rows[0]?.leaves);
  const read = nodesInTiles(tilesOf(database), first);
  let frontier = frontierOf(first, (await proveRange(read, first, first, first)).before);
  while (frontier.size < total) {
    // Up to the end of a tile, so that only the first and the last batch end within one.
    const count = Math.min(BATCH - (frontier.size % BATCH), total - frontier.size);
    const kept: KeptEntry[] = [];
    const entries = Array.from({ length: count }, (_, n) => {
      const leaf = frontier.size + n;
      if ((leaf - first) % ENTRY_EVERY !== 0) return randomBytes(HASH_BYTES);
      const entry = entryAt(leaf, agencyId);
      kept.push(entry);
      return entryOf(entry.record);
    });
    const grown = appendLeaves(frontier, entries.map(leafHash));
    await addEntries(database, kept);
    await addTiles(database, ENTRIES, frontier.size, entries);
    for (let level = 0; level * TILE_LEVELS <= 56; level += 1) {
      const nodes = grown.nodes.filter((node) => node.level === level * TILE_LEVELS);
      const [start] = nodes;
      if (start)
        await addTiles(
          database,
          level,
          start.index,
          nodes.map(({ hash }) => hash),
        );
    }
    frontier = grown.frontier;
  }
  await database.query('update entry_head set leaves = $1', [frontier.size]);
  await database.query('update tree_head set size = $1', [frontier.size]);
  await database.query('commit');
  return first;
}

const tilesOf =
  (database: pg.Client): ReadTiles =>
  (ids) =>
    Promise.all(
      ids.map(async ({ level, index }) => {
        const { rows } = await database.query<{ hashes: Buffer }>(
          'select hashes from tile where level = $1 and index = $2',
          [level, index],
        );
        return rows[0]?.hashes ?? Buffer.alloc(0);
      }),
    );

/** Adds hashes side by side, from the one with the index `start` at their level. */
async function addTiles(
  database: pg.Client,
  level: number,
  start: number,
  hashes: readonly Buffer[],
): Promise<void> {
  await database.query(
    `insert into tile (level, index, hashes)
     select $1, n, substring($2::bytea from greatest(n * $5 - $3, 0)::int * ${HASH_BYTES} + 1
                             for (least((n + 1) * $5, $3 + $4) - greatest(n * $5, $3))::int * ${HASH_BYTES})
       from generate_series($3::bigint / $5, ($3 + $4 - 1) / $5) as n
     on conflict (level, index) do update set hashes = tile.hashes || excluded.hashes`,
    [level, Buffer.concat(hashes), start, hashes.length, TILE_WIDTH],
  );
}

interface KeptEntry {
  leaf: number;
  record: AuditRecord;
  salt: Buffer;
}

const PAYLOAD = randomBytes(300);

function entryAt(leaf: number, agencyId: string): KeptEntry {
  const [salt] = createSalts(1) as [Buffer];
  const record: AuditRecord = {
    version: 1,
    kind: 'event',
    source: 'bench',
    position: leaf,
    eventId: randomUUID(),
    type: 'lienthong.routing.v1.DeliverySent',
    occurredAt: new Date().toISOString(),
    actor: { agencyId, officerId: 'bench' },
    aggregateId: randomUUID(),
    aggregateVersion: 1,
    agencyId,
    documentId: randomUUID(),
    dossierCode: '',
    payload: commit(PAYLOAD, salt),
  };
  return { leaf, record, salt };
}

async function addEntries(database: pg.Client, entries: readonly KeptEntry[]): Promise<void> {
  const column = <T>(of: (entry: KeptEntry) => T) => entries.map(of);
  await database.query(
    `insert into entry (leaf, source, position, event_id, type, occurred_at, actor_agency_id, actor_officer_id,
                        aggregate_id, aggregate_version, document_id, dossier_code, agency_id, traceparent, payload, salt)
     select leaf, 'bench', leaf, event_id, type, occurred_at, $5, 'bench', aggregate_id, 1, document_id, '', $5, '', $6, salt
       from unnest($1::bigint[], $2::uuid[], $3::timestamptz[], $4::uuid[], $7::uuid[], $8::bytea[])
              as e (leaf, event_id, occurred_at, aggregate_id, document_id, salt),
            (select 'lienthong.routing.v1.DeliverySent' as type) as t`,
    [
      column(({ leaf }) => leaf),
      column(({ record }) => record.eventId),
      column(({ record }) => record.occurredAt),
      column(({ record }) => record.aggregateId),
      entries[0]?.record.agencyId ?? null,
      PAYLOAD,
      column(({ record }) => record.documentId),
      column(({ salt }) => salt),
    ],
  );
}
