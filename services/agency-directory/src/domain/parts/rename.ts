import type { Rename } from '../command.ts';
import type { Draft } from '../draft.ts';
import { supersede } from '../span.ts';
import { freeToBegin } from './free-to-begin.ts';

/** Another name from the effective date until the next name begins. */
export function rename(draft: Draft, part: Rename): void {
  const agency = draft.subject(part.agency, 'agency');
  if (!agency || !freeToBegin(draft, agency.names, 'name')) return;
  const name = draft.own(
    { name: part.name, kind: part.nameKind, validFrom: draft.effectiveOn, validTo: agency.endedOn },
    'name',
  );
  draft.record('AgencyRenamed', { ...agency, names: supersede(agency.names, name) });
}
