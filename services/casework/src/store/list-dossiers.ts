import { hash } from 'node:crypto';
import { DossierOrigin, type DossierStatus } from '@lienthong/contracts/casework';
import { parameters, type Reader, wordQuery } from '@lienthong/kit';
import { OWNED, type OwnedRow } from './record.ts';
import { ENDED } from './write-dossiers.ts';

/** `ended_as` of a participant's live dossiers. */
const LIVE = 0;

/** A field that is undefined or empty does not filter. */
export interface DossierFilter {
  statuses: readonly DossierStatus[];
  procedureCode: string;
  text: string;
  /** Digests of an identity number and of a telephone number, as they may be kept. */
  identity: readonly string[];
  phone: readonly string[];
  /** Inclusive. */
  lodgedFrom: Date | undefined;
  /** Exclusive. */
  lodgedTo: Date | undefined;
  origin: DossierOrigin;
}

/** The dossier after which a page begins: newest first, by id at one instant. */
export interface DossierPlace {
  at: Date;
  id: string;
}

/** Records as store/record.ts reads them. */
export interface ListedRow extends OwnedRow {
  id: string;
  lodged_at: Date;
  dossier: string;
  applicant: string;
}

/**
 * A page of the dossiers in which any of the agencies takes part, newest first. Each agency's dossiers are read from the
 * key of participant, or from participant_by_end or participant_by_procedure, already in order, and only as far as the
 * page needs. The planner knows how common a word is and begins with applicant_by_words where it is rare, so a statement
 * with words is planned for its parameters and never prepared. The second condition on lodged_at lets it find a
 * participant by its whole key then. A whole code is looked up as a code.
 *
 * With 1,000,000 dossiers (one agency has 250,000, each of 699 others about 1,100) execution takes 0.4 ms
 * for a page of any of them, 0.6 ms by an ended status or by procedure, 1 ms by the status of live ones and for common
 * words. Slower: in the huge one rare words (100 ms) and a status that none of its 15,000 live dossiers has (40 ms);
 * for any agency, three words that are common each but hardly occur together (50 ms; all on two busy cores).
 * Agencies written into the statement, for the planner to know how much each has, made it walk a million rows for
 * common words: the second lodged_at then has it expect next to nothing.
 */
export function listDossiers(
  reader: Reader,
  agencyIds: readonly string[],
  filter: DossierFilter,
  after: DossierPlace | undefined,
  limit: number,
): Promise<ListedRow[]> {
  const p = parameters();
  const agencies = p.add(agencyIds);
  const code = wholeCode(filter.text);
  const words = code === undefined ? wordQuery(filter.text) : undefined;
  const where = ['p.agency_id = h.agency_id'];
  if (after)
    where.push(`(p.lodged_at, p.dossier_id) < (${p.add(after.at)}::timestamptz, ${p.add(after.id)}::uuid)`);
  if (filter.lodgedFrom) where.push(`p.lodged_at >= ${p.add(filter.lodgedFrom)}::timestamptz`);
  if (filter.lodgedTo) where.push(`p.lodged_at < ${p.add(filter.lodgedTo)}::timestamptz`);
  if (filter.procedureCode !== '') where.push(`p.procedure_code = ${p.add(filter.procedureCode)}`);
  if (code !== undefined) where.push(`d.code = ${p.add(code)}`);
  if (words !== undefined) where.push(`a.words @@ ${p.add(words)}::tsquery`);
  const lookups = [filter.identity, filter.phone].filter((digests) => digests.length > 0);
  // A number has few dossiers: they are found by applicant_by_lookup first, once for all agencies.
  for (const digests of lookups)
    where.push(
      `d.id = any(array(select a.dossier_id from applicant a where a.lookup && ${p.add(digests)}::text[]))`,
    );
  const live = filter.statuses.filter((status) => !ENDED.has(status));
  const ends = [...filter.statuses.filter((status) => ENDED.has(status)), ...(live.length > 0 ? [LIVE] : [])];
  if (ends.length > 0) where.push('p.ended_as = e.ended_as');
  if (live.length > 0) where.push(`(p.ended_as <> ${LIVE} or d.status = any(${p.add(live)}::smallint[]))`);
  if (filter.origin !== DossierOrigin.UNSPECIFIED)
    where.push(`d.parent_id is ${filter.origin === DossierOrigin.APPLICANT ? 'null' : 'not null'}`);
  const joined =
    code !== undefined ||
    words !== undefined ||
    live.length > 0 ||
    lookups.length > 0 ||
    filter.origin !== DossierOrigin.UNSPECIFIED
      ? 'join dossier d on d.id = p.dossier_id and d.lodged_at = p.lodged_at'
      : '';
  const max = p.add(limit);
  const text = `with page as (
           select distinct p.lodged_at, p.dossier_id from unnest(${agencies}::uuid[]) as h (agency_id)
                  ${ends.length > 0 ? `cross join unnest(${p.add(ends)}::smallint[]) as e (ended_as)` : ''}
            cross join lateral (
                  select p.lodged_at, p.dossier_id from participant p ${joined}
                         ${words === undefined ? '' : 'join applicant a on a.dossier_id = d.id'}
                   where ${where.join(' and ')}
                   order by p.lodged_at desc, p.dossier_id desc limit ${max}) p
            order by p.lodged_at desc, p.dossier_id desc limit ${max})
           select page.dossier_id as id, page.lodged_at, ${OWNED}, d.record as dossier,
                  a.record as applicant
             from page join dossier d on d.id = page.dossier_id join applicant a on a.dossier_id = page.dossier_id
            order by page.lodged_at desc, page.dossier_id desc`;
  const name = words === undefined ? `dossiers ${hash('sha1', text, 'base64')}` : undefined;
  return reader.query({ name, text, values: p.values });
}

/** The text as `<agency code>-YYMMDD-NNNN`; undefined when it is not a whole code. */
function wholeCode(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  return /^[A-Z0-9.]+-\d{6}-\d{4,}$/.test(code) ? code : undefined;
}

/** Dossiers that the agencies took in, by status: live ones from their rows, the others from their index alone. */
export const countDossiers = (
  reader: Reader,
  agencyIds: readonly string[],
): Promise<{ status: DossierStatus; count: number }[]> =>
  reader.query({
    name: 'count_dossiers',
    text: `select status, count(*) as count from dossier where intake_id = any($1::uuid[]) and live group by status
           union all
           select ended_as, count(*) as count from dossier where intake_id = any($1::uuid[]) and not live
            group by ended_as
            order by status`,
    values: [agencyIds],
  });
