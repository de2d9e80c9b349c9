import { digestOf, lockFiles } from '@lienthong/file-store';
import { type Reader, type Tx, vietnamDate } from '@lienthong/kit';
import { type AgencyRegister, standsForAll } from '@lienthong/reference-data';
import type { Command } from '../domain/decision/command.ts';
import { mayReadFiles } from '../domain/files/may-read.ts';
import { digestsLikelyIn, digestsOf, fileKey } from '../domain/files/named.ts';
import { decodeDossier, decodeTask } from './record.ts';

/** A caller that wants to use a file. */
export interface FileReference {
  callerId: string;
  /** Epoch milliseconds. */
  now: number;
  sha256: string;
}

/** What a reference may rest on: an upload, or one of the dossiers that carry the file and in which the caller takes part. */
interface BasisRow {
  caller_id: string;
  sha256: string;
  uploaded: boolean;
  dossier_id: string | null;
  record: string | null;
  /** The caller's own. */
  tasks: string[] | null;
}

/** The newest dossiers of a file are looked at first, so many at a time. */
const PAGE = 20;
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The keys (`fileKey`) of the references whose caller has uploaded the file or may read it; whether it is stored is not checked. */
export async function usableFiles(
  reader: Reader,
  agencies: AgencyRegister,
  references: readonly FileReference[],
): Promise<Set<string>> {
  const usable = new Set<string>();
  const own = new Map(
    references.map(({ callerId, now }) => {
      const today = vietnamDate(new Date(now));
      return [callerId, new Set(standsForAll(agencies, callerId, today))] as const;
    }),
  );
  let open = references.map((reference) => ({ ...reference, before: LAST_ID }));
  while (open.length > 0) {
    const rows = await readBases(reader, own, open);
    const pages = Map.groupBy(rows, (row) => fileKey(row.caller_id, row.sha256));
    open = open.flatMap((reference) => {
      const key = fileKey(reference.callerId, reference.sha256);
      const page = pages.get(key) ?? [];
      const isOwn = (agencyId: string) => own.get(reference.callerId)?.has(agencyId) ?? false;
      if (page.some((row) => isBasis(row, isOwn, reference.now))) usable.add(key);
      const last = page.at(-1)?.dossier_id;
      return usable.has(key) || page.length < PAGE || !last ? [] : { ...reference, before: last };
    });
  }
  return usable;
}

const isBasis = (
  { uploaded, record, tasks }: BasisRow,
  isOwn: (agencyId: string) => boolean,
  now: number,
): boolean =>
  uploaded ||
  (record !== null && mayReadFiles(decodeDossier(record), (tasks ?? []).map(decodeTask), isOwn, now));

/** Primary keys of file_uploader, file_use, dossier and participant; the ids of dossiers grow with time. */
const readBases = (
  reader: Reader,
  own: ReadonlyMap<string, ReadonlySet<string>>,
  references: readonly (FileReference & { before: string })[],
): Promise<BasisRow[]> => {
  const pairs = [...own].flatMap(([callerId, ids]) => [...ids].map((agencyId) => [callerId, agencyId]));
  return reader.query<BasisRow>({
    name: 'file_bases',
    text: `with own as (select * from unnest($1::uuid[], $2::uuid[]) as o (caller_id, agency_id))
           select w.caller_id, encode(w.sha256, 'hex') as sha256, up.loaded as uploaded,
                  d.id as dossier_id, d.record, d.tasks
             from unnest($3::uuid[], $4::bytea[], $5::uuid[]) as w (caller_id, sha256, before)
            cross join lateral (
                  select exists (select from own o join file_uploader u on u.agency_id = o.agency_id
                                  where o.caller_id = w.caller_id and u.sha256 = w.sha256) as loaded) up
             left join lateral (
                  select d.id, d.record,
                         array(select t.record from task t join own o on o.agency_id = t.agency_id
                                where o.caller_id = w.caller_id and t.dossier_id = d.id) as tasks
                    from file_use u join dossier d on d.id = u.owner_id
                   where u.sha256 = w.sha256 and u.owner_id < w.before and not up.loaded
                     and exists (select from own o join participant p on p.agency_id = o.agency_id
                                  where o.caller_id = w.caller_id and p.lodged_at = d.lodged_at and p.dossier_id = d.id)
                   order by u.owner_id desc limit ${PAGE}) d on true
            order by w.caller_id, w.sha256, d.id desc`,
    values: [
      pairs.map(([callerId]) => callerId),
      pairs.map(([, agencyId]) => agencyId),
      references.map(({ callerId }) => callerId),
      references.map(({ sha256 }) => digestOf(sha256)),
      references.map(({ before }) => before),
    ],
  });
};

/** The digests that a command names; a text of its data that looks like one may be one. */
function namedBy(command: Command): string[] {
  return [...namedAsFile(command), ...('data' in command ? digestsLikelyIn(command.data) : [])];
}

function namedAsFile(command: Command): string[] {
  if (command.kind === 'lodge' || command.kind === 'receive-supplement') return digestsOf(command.papers);
  if (command.kind === 'hand-in') return [command.file.sha256];
  return command.kind === 'complete' || command.kind === 'sub-ended' ? digestsOf(command.results) : [];
}

/** The same as `lockReferences`, of the files that commands name; the platform names only files that it has checked itself. */
export function lockUsableFiles(
  tx: Tx,
  agencies: AgencyRegister,
  commands: readonly Command[],
): Promise<Set<string>> {
  const references = commands.flatMap((command) =>
    namedBy(command).map((sha256) => ({ callerId: command.caller.agencyId, sha256, now: command.now })),
  );
  return lockReferences(tx, agencies, references);
}

/** Locks the files of references, and returns the keys (`fileKey`) of those that their callers may use. */
export async function lockReferences(
  tx: Tx,
  agencies: AgencyRegister,
  references: readonly FileReference[],
): Promise<Set<string>> {
  if (references.length === 0) return new Set();
  const list = [
    ...new Map(
      references.map((reference) => [fileKey(reference.callerId, reference.sha256), reference]),
    ).values(),
  ];
  const [stored, usable] = await Promise.all([
    lockFiles(
      tx,
      list.map(({ sha256 }) => sha256),
    ),
    usableFiles(
      tx,
      agencies,
      list.filter(({ callerId }) => callerId !== ''),
    ),
  ]);
  return new Set(
    list
      .filter(({ sha256 }) => stored.has(sha256))
      .map((reference) => fileKey(reference.callerId, reference.sha256)),
  ).intersection(usable);
}
