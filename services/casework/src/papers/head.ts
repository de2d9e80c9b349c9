/** What every paper of a dossier begins and ends with. */
import type { Letterhead, Note } from '@lienthong/paper';
import { dayInWords, dayOf } from '@lienthong/working-time';
import type { Act } from '../domain/dossier/state.ts';
import { type FormSet, formsFor, type PaperForm } from '../domain/law/forms.ts';
import type { OneStopUnit } from '../domain/law/one-stop.ts';
import { rulesFor } from '../domain/law/rules.ts';
import { capitals } from '../domain/wording/names.ts';
import type { Case } from './case.ts';

/** A form as the law in force numbers it. */
export interface FormInForce {
  number: string;
  source: string;
}

export interface Head {
  at: number;
  superior: string;
  agency: string;
  /** The code of the agency that issues the paper, whose seal it gets. */
  agencyCode: string;
  /** The one-stop unit that issues the paper; undefined: the agency itself does. */
  unit: OneStopUnit | undefined;
  number: string;
  placeAndDate: string;
  code: string;
  form: FormInForce;
  /** The decree whose rules the dossier follows. */
  decree: string;
}

/** The head of a paper that an agency issues, or its one-stop unit; `notation` ends the paper's number. */
export function headOf(
  from: Case,
  form: PaperForm,
  notation: string,
  { at, agency }: Pick<Act, 'at' | 'agency'>,
  by: 'agency' | 'one-stop unit',
): Head {
  const { code, lodgedAt } = from.dossier;
  const unit = by === 'agency' ? undefined : from.oneStop(agency, at);
  const [lodgedOn, today] = [dayOf(lodgedAt), dayOf(at)];
  return {
    at,
    superior: unit ? '' : from.superior(agency.agencyId, at),
    agency: unit?.agency ?? agency.name,
    agencyCode: agency.code,
    unit,
    number: paperNumber(code, notation),
    placeAndDate: placeAndDate(from.place(agency.agencyId, at), at),
    code,
    form: formInForce(form, formsFor(lodgedOn, today)),
    decree: rulesFor(lodgedOn, today).source,
  };
}

/** @throws Error when the set has no such form: a paper that only some versions have checks first */
export function formInForce(form: PaperForm, { numbers, source }: FormSet): FormInForce {
  const number = numbers[form];
  if (number === undefined) throw new Error(`${source} has no form ${form}`);
  return { number, source };
}

export const letterheadOf = (head: Head, code = ''): Letterhead => ({
  kind: 'letterhead',
  superior: capitals(head.superior),
  agency: capitals(head.agency),
  unit: head.unit?.letterhead ?? '',
  number: head.number,
  placeAndDate: head.placeAndDate,
  code,
});

/** The law that the paper follows, at its end. */
export const lawNote = ({ form, decree }: Head, ...before: readonly string[]): Note => ({
  kind: 'note',
  text: [...before, `Mẫu số ${form.number} theo ${form.source}; giải quyết theo ${decree}.`].join('\n'),
});

/** The hint below the title of an officer of the issuing unit. */
export const signatureHint = ({ unit }: Head): string =>
  unit?.ownSeal ? '(Ký, ghi rõ họ tên và đóng dấu)' : '(Ký và ghi rõ họ tên)';

/**
 * "260105-0001/TNHS": a paper's number comes from its dossier, so that papers need no series of their own. A dossier has
 * one paper of each kind.
 */
const paperNumber = (code: string, notation: string): string =>
  `${code.split('-').slice(-2).join('-')}/${notation}`;

function placeAndDate(place: string, at: number): string {
  const day = dayInWords(at);
  return place === '' ? `N${day.slice(1)}` : `${place}, ${day}`;
}
