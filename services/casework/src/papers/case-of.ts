import type { Party } from '@lienthong/contracts/casework';
import { Tier } from '@lienthong/contracts/directory';
import {
  currentHolder,
  headOf,
  nameAt,
  parentAt,
  partyAt,
  properName,
  type ReferenceCache,
  tierAt,
  upwards,
} from '@lienthong/reference-data';
import { findCase } from '@lienthong/workflow';
import { dayOf, workingDaysBetween } from '@lienthong/working-time';
import type { Acts, Dossier } from '../domain/dossier/state.ts';
import { type OneStopUnit, oneStopAt } from '../domain/law/one-stop.ts';
import { placeOf } from '../domain/wording/names.ts';
import type { ProcedureRecords } from '../store/procedures.ts';
import type { WholeDossier } from '../store/whole-dossier.ts';
import type { Case } from './case.ts';

/** A dossier with the names, places and calendars that its papers need. */
export function caseOf(
  { dossier, tasks, applicant }: WholeDossier,
  {
    reference,
    procedures,
    trackingPage,
  }: { reference: ReferenceCache; procedures: ProcedureRecords; trackingPage: string | undefined },
): Case {
  const { agencies, officers, calendars } = reference;
  const procedure = procedures.record(dossier.procedureId);
  return {
    dossier: withProperNames(dossier),
    tasks: tasks.map((task) => ({ ...task, agency: properParty(task.agency) })),
    applicant,
    trackingUrl: trackingPage === undefined ? '' : trackingUrl(trackingPage, dossier.code),
    procedure: { code: procedure?.code ?? '', name: procedure?.definition?.name ?? '' },
    caseName: (procedure?.definition && findCase(procedure.definition, dossier.caseKey)?.name) ?? '',
    officerName: (officerId) => officers.get(officerId)?.fullName ?? '',
    headName: (agencyId, at) => headOf(reference, agencyId, dayOf(at))?.fullName ?? '',
    early: (agencyId, at, dueAt) => workingDaysBetween(calendars.of(agencyId), at, dueAt) > 0,
    place(agencyId, at) {
      const date = dayOf(at);
      return placeOf(upwards(agencies, agencyId, date).map((agency) => nameAt(agency, date)));
    },
    superior(agencyId, at) {
      const date = dayOf(at);
      const agency = agencies.get(agencyId);
      if (agency === undefined || tierAt(agency, date) !== Tier.DEPARTMENT) return '';
      const parent = parentAt(agencies, agency, date);
      return parent === undefined ? '' : properName(nameAt(parent, date));
    },
    party(agencyId, at) {
      const date = dayOf(at);
      const agency = currentHolder(agencies, agencyId, date) ?? agencies.get(agencyId);
      return agency ? properParty(partyAt(agency, date)) : { agencyId, name: '', code: '' };
    },
    oneStop: (agency, at) => oneStopOf(reference, agency.agencyId, dayOf(at), agency.name),
  };
}

/** Without the secret: an address is kept in histories and logs. */
function trackingUrl(page: string, code: string): string {
  const url = new URL(page);
  url.searchParams.set('ma', code);
  return url.href;
}

/**
 * The one-stop unit of an agency at a date.
 * @param date YYYY-MM-DD
 * @param name for an agency that is not there at the date
 */
export function oneStopOf(
  { agencies }: Pick<ReferenceCache, 'agencies'>,
  agencyId: string,
  date: string,
  name = '',
): OneStopUnit {
  const chain = upwards(agencies, agencyId, date).map((one) => ({
    name: nameAt(one, date),
    tier: tierAt(one, date),
  }));
  return oneStopAt(chain.length === 0 ? [{ name, tier: Tier.UNSPECIFIED }] : chain, date);
}

const properParty = (party: Party): Party => ({ ...party, name: properName(party.name) });

/** Agencies are stored as the directory names them. */
function withProperNames(dossier: Dossier): Dossier {
  const acts = Object.entries(dossier.acts).map(([key, act]) => [
    key,
    {
      ...act,
      agency: properParty(act.agency),
      ...('competent' in act && act.competent ? { competent: properParty(act.competent) } : {}),
    },
  ]);
  return {
    ...dossier,
    intake: properParty(dossier.intake),
    competent: properParty(dossier.competent),
    holder: properParty(dossier.holder),
    acts: Object.fromEntries(acts) as Acts,
  };
}
