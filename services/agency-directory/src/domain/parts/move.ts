import { isInForce } from '@lienthong/reference-data';
import type { Move } from '../command.ts';
import type { Draft } from '../draft.ts';
import { supersede } from '../span.ts';
import { freeToBegin } from './free-to-begin.ts';

/** Another parent, another tier, or both, from the effective date until the next placement begins. */
export function move(draft: Draft, part: Move): void {
  const agency = draft.subject(part.agency, 'agency');
  const parent = part.parent && draft.find(part.parent, 'parent');
  if (!agency || (part.parent && !parent)) return;
  if (!freeToBegin(draft, agency.placements, 'parent')) return;
  const current = agency.placements.find((placement) => isInForce(placement, draft.effectiveOn));
  if (!current) throw new Error(`agency ${agency.id} has no placement on ${draft.effectiveOn}`);
  const placement = draft.own(
    {
      parentId: parent?.id ?? '',
      tier: part.tier ?? current.tier,
      validFrom: draft.effectiveOn,
      validTo: agency.endedOn,
    },
    'parent',
  );
  draft.record('AgencyMoved', { ...agency, placements: supersede(agency.placements, placement) });
}
