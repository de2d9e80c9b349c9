/** Ways to hand in (cách thức thực hiện): rows of a channel, each with its own time limit, fee and applicants. */
import type { WorkingDuration } from '@lienthong/contracts/common';
import { ApplicantKind, type Channel, type Definition, type Way } from '@lienthong/contracts/registry';
import { findCase, isForCase } from './cases.ts';

/** What decides the row of a dossier; it never changes after the lodging. */
export interface Lodging {
  channel: Channel;
  applicantKind: ApplicantKind;
  caseKey: string;
}

/** The row of a dossier, or what no row of the procedure is for. */
export type WayFound = { way: Way } | { missing: 'channel' | 'case' | 'applicant' };

/** A definition that was checked has at most one row for a dossier. */
export function findWay({ ways }: Definition, { channel, applicantKind, caseKey }: Lodging): WayFound {
  const offered = ways.filter((way) => way.channel === channel);
  if (offered.length === 0) return { missing: 'channel' };
  const fitting = offered.filter((way) => isForCase(way, caseKey));
  if (fitting.length === 0) return { missing: 'case' };
  const way = fitting.find(({ applicants }) => applicants.length === 0 || applicants.includes(applicantKind));
  return way === undefined ? { missing: 'applicant' } : { way };
}

/** The row's own time limit, or else that of the case or of the procedure. */
export function timeLimitOf(definition: Definition, lodging: Lodging): WorkingDuration | undefined {
  const found = findWay(definition, lodging);
  const own = 'way' in found ? found.way.timeLimit : undefined;
  return own ?? findCase(definition, lodging.caseKey)?.timeLimit ?? definition.timeLimit;
}

const APPLICANTS: Readonly<Record<number, string>> = {
  [ApplicantKind.CITIZEN]: 'citizen',
  [ApplicantKind.HOUSEHOLD]: 'household',
  [ApplicantKind.ORGANISATION]: 'organisation',
  [ApplicantKind.FOREIGN]: 'foreign',
};

/** "citizen"; '' when it is not stated. */
export const applicantName = (kind: number): string => APPLICANTS[kind] ?? '';
