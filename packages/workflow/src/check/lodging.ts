/** Checks the ways to hand in, the cases, and that a dossier has exactly one way. */
import { ApplicantKind, Channel, type Definition, type Way } from '@lienthong/contracts/registry';
import { checkDistinct, checkKey } from '../keys.ts';
import { isForCase } from '../lodging/cases.ts';
import type { Problems } from '../problem.ts';
import { checkText } from './text.ts';
import { checkDuration } from './times.ts';

export function checkLodging(definition: Definition, problems: Problems): void {
  const { ways, cases, papers } = definition;
  checkCases(definition, problems);
  if (ways.length === 0)
    problems.error('WAYS_MISSING', 'ways', 'no way to hand in is given; name at least one channel');
  for (const [i, way] of ways.entries()) {
    checkWay(definition, way, `ways[${i}]`, problems);
    checkOverlap(definition, i, problems);
  }
  const known = new Set(cases.map(({ key }) => key));
  for (const [list, places] of [
    ['ways', ways],
    ['papers', papers],
  ] as const)
    for (const [i, one] of places.entries()) checkCaseKeys(one.cases, known, `${list}[${i}].cases`, problems);
}

function checkCases({ ways, cases }: Definition, problems: Problems): void {
  checkDistinct(
    problems,
    cases.map(({ key }) => key),
    (i) => `cases[${i}].key`,
  );
  for (const [i, { key, name, timeLimit }] of cases.entries()) {
    const place = `cases[${i}]`;
    checkKey(problems, key, `${place}.key`);
    checkText(name, `${place}.name`, 'NAME_MISSING', 'the case has no name', problems);
    if (timeLimit !== undefined) checkDuration(timeLimit, `${place}.time_limit`, problems);
    if (ways.length === 0 || ways.some((way) => isForCase(way, key))) continue;
    const message = `no way is for the case ${key}; add it to the cases of one`;
    problems.error('CASE_WITHOUT_WAY', place, message);
  }
}

const CHANNELS: ReadonlySet<number> = new Set([Channel.IN_PERSON, Channel.ONLINE, Channel.POST]);
const APPLICANTS: ReadonlySet<number> = new Set(
  Object.values<number>(ApplicantKind).filter((kind) => kind > 0),
);

function checkWay({ cases }: Definition, way: Way, place: string, problems: Problems): void {
  if (!CHANNELS.has(way.channel))
    problems.error('CHANNEL_INVALID', `${place}.channel`, 'the channel must be in person, online or by post');
  if (way.feeVnd < 0n)
    problems.error('FEE_NEGATIVE', `${place}.fee_vnd`, 'the fee is negative; 0 is free of charge');
  for (const [i, kind] of way.applicants.entries()) {
    if (APPLICANTS.has(kind)) continue;
    const message = 'must be a citizen, a household, an organisation or a foreigner';
    problems.error('APPLICANT_KIND_INVALID', `${place}.applicants[${i}]`, message);
  }
  if (way.timeLimit === undefined) return;
  checkDuration(way.timeLimit, `${place}.time_limit`, problems);
  const other = way.cases.length === 0 && cases.find(({ timeLimit }) => timeLimit !== undefined);
  if (!other) return;
  const message = `the case ${other.key} has a time limit of its own; name the cases that this one is for`;
  problems.error('TIME_LIMIT_AMBIGUOUS', `${place}.time_limit`, message);
}

/** Two rows of a channel that are for the same applicants and the same case. */
function checkOverlap({ ways, cases }: Definition, i: number, problems: Problems): void {
  const way = ways[i];
  if (way === undefined || !CHANNELS.has(way.channel)) return;
  const keys = cases.length === 0 ? [''] : cases.map(({ key }) => key);
  const other = ways.findIndex(
    (before, j) =>
      j < i &&
      before.channel === way.channel &&
      shares(before.applicants, way.applicants) &&
      keys.some((key) => isForCase(before, key) && isForCase(way, key)),
  );
  if (other === -1) return;
  const message = `ways[${other}] is for the same channel, applicants and case; tell them apart by applicants or cases`;
  problems.error('WAY_AMBIGUOUS', `ways[${i}]`, message);
}

const shares = (one: readonly ApplicantKind[], other: readonly ApplicantKind[]): boolean =>
  one.length === 0 || other.length === 0 || one.some((kind) => other.includes(kind));

function checkCaseKeys(
  keys: readonly string[],
  known: ReadonlySet<string>,
  place: string,
  problems: Problems,
): void {
  for (const [i, key] of keys.entries()) {
    if (!known.has(key))
      problems.error('CASE_UNKNOWN', `${place}[${i}]`, `there is no case ${key}; declare it under cases`);
    else if (keys.indexOf(key) !== i)
      problems.error('KEY_DUPLICATE', `${place}[${i}]`, `the case ${key} is already named; name it once`);
  }
}
