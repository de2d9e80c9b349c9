import type { directory } from '@lienthong/contracts/json';
import type { Sent } from '../../../../src/first/types.ts';
import type { Violation } from '../../api/problem.ts';

/** Names by the ids of agencies. */
type Chosen = Record<string, string>;

/** One change of agencies, as it is filled in. */
export interface Change {
  kind: 'merge' | 'rename' | 'end';
  /** Those that end, or the one that is renamed. */
  agencies: Chosen;
  /** Of a merger: an agency that is there, or a new one. */
  successor: Chosen;
  isNew: boolean;
  /** Of the new agency, or the new name. */
  name: string;
  code: string;
  tier: directory.Tier;
  parent: Chosen;
}

export const change = (kind: Change['kind']): Change => ({
  ...{ kind, agencies: {}, successor: {}, isNew: false, name: '', code: '', parent: {} },
  tier: 'TIER_COMMUNE',
});

export interface Plan {
  effectiveOn: string;
  legalBasis: string;
  changes: readonly Change[];
}

const refs = (chosen: Chosen) => Object.keys(chosen).map((id) => ({ id }));
/** A missing agency is named by an empty id, so that the platform says at which field it is missing. */
const ref = (chosen: Chosen) => refs(chosen)[0] ?? { id: '' };

type Part = Sent<directory.ReorganisationPart>;

/** The parts of the request that a change becomes. */
function partsOf({ kind, agencies, successor, isNew, name, code, tier, parent }: Change, i: number): Part[] {
  switch (kind) {
    case 'merge': {
      if (!isNew) return [{ merge: { predecessors: refs(agencies), successor: ref(successor) } }];
      const key = `moi-${i + 1}`;
      const above = refs(parent)[0];
      const codes = code.trim() === '' ? [] : [{ code: code.trim() }];
      const establish = {
        key,
        name: name.trim(),
        codes,
        tier,
        ...(above !== undefined && { parent: above }),
      };
      return [{ establish }, { merge: { predecessors: refs(agencies), successor: { key } } }];
    }
    case 'rename':
      return [{ rename: { agency: ref(agencies), name: name.trim() } }];
    case 'end':
      return [{ end: { agency: ref(agencies) } }];
  }
}

export const toParts = ({ changes }: Plan): Part[] => changes.flatMap(partsOf);

/** The violations of each change: the request counts parts, and a change may be two of them. */
export function violationsByChange({ changes }: Plan, violations: readonly Violation[]): Violation[][] {
  const owners = changes.flatMap((one, i) => partsOf(one, i).map(() => i));
  return changes.map((_, i) =>
    violations.filter(({ field }) => owners[Number(/^parts\[(\d+)\]/.exec(field)?.[1] ?? -1)] === i),
  );
}

/** An agency that ends, and who has its work then; '' for nobody. */
export interface Ending {
  agencyId: string;
  name: string;
  successor: string;
}

export const endingsOf = ({ changes }: Plan): Ending[] =>
  changes.flatMap(({ kind, agencies, successor, isNew, name }) => {
    if (kind === 'rename') return [];
    const takesOver = isNew ? name.trim() : (Object.values(successor)[0] ?? '');
    return Object.entries(agencies).map(([agencyId, of]) => ({
      agencyId,
      name: of,
      successor: kind === 'merge' ? takesOver : '',
    }));
  });
