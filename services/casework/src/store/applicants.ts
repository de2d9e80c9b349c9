/** Applicants at rest: what identifies and reaches people is sealed, and found by keyed digests. */
import { Applicant } from '@lienthong/contracts/casework';
import { type Database, plainArray, type Sealer, type Tx, tryOpen } from '@lienthong/kit';
import type { SealedTable } from '@lienthong/outbound';
import { canonicalIdentity } from '../domain/intake/identity.ts';

/** A row of `applicant`: what is not sealed, and the rest; null in rows that are still to be sealed. */
export interface ApplicantRow {
  applicant: string;
  sealed: string | null;
}

const placeOf = (dossierId: string): string => `casework/applicant/${dossierId}`;

const IDENTITY = 'casework/identity';
const PHONE = 'casework/phone';

/** Those of a number, as they may be kept. */
export const identityDigests = (sealer: Sealer, number: string): string[] =>
  sealer.digests(canonicalIdentity(number), IDENTITY);
/** @param phone in E.164 */
export const phoneDigests = (sealer: Sealer, phone: string): string[] => sealer.digests(phone, PHONE);

/** Of the applicant and the submitter. */
function lookupOf(sealer: Sealer, applicant: Applicant): string[] {
  const digests = new Set<string>();
  for (const { identityNumber, phone } of [
    applicant,
    ...(applicant.submitter ? [applicant.submitter] : []),
  ]) {
    const identity = canonicalIdentity(identityNumber);
    if (identity !== '') digests.add(sealer.digest(identity, IDENTITY));
    if (phone !== '') digests.add(sealer.digest(phone, PHONE));
  }
  return [...digests];
}

const toText = (applicant: Applicant): string => JSON.stringify(Applicant.toJSON(applicant));

/** An applicant as the columns of its row. */
export function sealApplicant(sealer: Sealer, dossierId: string, applicant: Applicant) {
  const { identityNumber, phone, email, submitter, ...open } = applicant;
  const secret = Applicant.fromPartial({ identityNumber, phone, email });
  return {
    record: toText({ ...open, identityNumber: '', phone: '', email: '', submitter: undefined }),
    sealed: sealer.seal(toText({ ...secret, submitter }), placeOf(dossierId)),
    /** Digests separated by blanks. */
    lookup: lookupOf(sealer, applicant).join(' '),
  };
}

/** The applicant of a row; without its sealed part when no key opens it. */
export function openApplicant(
  sealer: Sealer,
  dossierId: string,
  { applicant, sealed }: ApplicantRow,
): Applicant {
  const secret = sealed === null ? undefined : tryOpen(sealer, sealed, placeOf(dossierId));
  return Applicant.fromJSON({
    ...JSON.parse(applicant),
    ...(secret === undefined ? {} : JSON.parse(secret)),
  });
}

export const APPLICANTS: SealedTable = {
  table: 'applicant',
  id: 'dossier_id',
  idType: 'uuid',
  columns: ['sealed'],
  lookup: {
    column: 'lookup',
    of: (sealer, [text]) => (text ? lookupOf(sealer, Applicant.fromJSON(JSON.parse(text))) : []),
  },
  place: placeOf,
  personal: true,
};

const BATCH = 500;

/** Seals rows from before applicants were sealed. Resolves to their number. */
export async function sealOlderApplicants(db: Database, sealer: Sealer): Promise<number> {
  let count = 0;
  for (let read = BATCH; read === BATCH; count += read)
    read = await db.transaction((tx) => sealBatch(tx, sealer));
  return count;
}

/** Resolves to the number of rows. */
async function sealBatch(tx: Tx, sealer: Sealer): Promise<number> {
  const rows = await tx.query<{ id: string; record: string }>({
    name: 'unsealed_applicants',
    text: `select dossier_id as id, record from applicant where sealed is null limit ${BATCH} for update`,
  });
  const sealed = rows.map(({ id, record }) =>
    sealApplicant(sealer, id, Applicant.fromJSON(JSON.parse(record))),
  );
  if (rows.length > 0)
    tx.send({
      name: 'seal_applicants',
      text: `update applicant a
                set record = s.record, sealed = s.sealed, lookup = string_to_array(s.lookup, ' ')
               from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as s (id, record, sealed, lookup)
              where a.dossier_id = s.id`,
      values: [
        plainArray(rows.map(({ id }) => id)),
        sealed.map(({ record }) => record),
        sealed.map((one) => one.sealed),
        sealed.map(({ lookup }) => lookup),
      ],
    });
  return rows.length;
}
