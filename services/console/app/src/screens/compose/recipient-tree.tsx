import type { directory } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/query-client.ts';
import { nameOf, parentOf } from '../../text/agency.ts';
import { useText } from '../../text/text.tsx';
import { AgencyBranch } from '../../ui/agency-branch.tsx';
import { AgencySearch } from '../../ui/agency-search.tsx';
import { type Chosen, ChosenAgencies } from '../../ui/chosen-agencies.tsx';
import { FieldGroup } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

interface RecipientTreeProps {
  /** The person's own: the tree begins at its parent, or at itself, and it is no recipient. */
  agency: directory.Agency | undefined;
  chosen: Chosen;
  error: string | undefined;
  onChange: (chosen: Chosen) => void;
}

/** Recipients from the tree of agencies: one, all below one, or found by name. */
export function RecipientTree({ agency, chosen, error, onChange }: RecipientTreeProps) {
  const { t } = useText();
  const parentId = agency === undefined ? '' : parentOf(agency);
  const parent = useQuery({
    ...query('directory.v1.AgencyDirectoryService/GetAgency', { agencyId: parentId }),
    enabled: parentId !== '',
  });
  const root = parentId === '' ? agency : parent.data?.agency;
  const label = (one: directory.Agency) => (
    <label className="check">
      <input
        type="checkbox"
        disabled={one.id === agency?.id}
        checked={one.id in chosen}
        onChange={() => onChange(toggled(chosen, one.id, nameOf(one)))}
      />
      {nameOf(one)}
    </label>
  );
  const over = (below: readonly directory.Agency[]) => {
    const others = below.filter(({ id }) => id !== agency?.id);
    const all = Object.fromEntries(others.map((one) => [one.id, nameOf(one)]));
    return (
      others.length > 1 && (
        <div>
          <button type="button" className="button" onClick={() => onChange({ ...chosen, ...all })}>
            {t('tree.chooseAll', { count: others.length })}
          </button>
        </div>
      )
    );
  };
  return (
    <FieldGroup label={t('compose.recipientCount', { count: Object.keys(chosen).length })} error={error}>
      <ChosenAgencies chosen={chosen} onDrop={(agencyId) => onChange(toggled(chosen, agencyId, ''))} />
      <AgencySearch onChoose={(found) => onChange({ ...chosen, [found.id]: nameOf(found) })} />
      <ProblemNote error={parent.error} onRetry={() => void parent.refetch()} />
      {root !== undefined && (
        <ul className="tree">
          <AgencyBranch agency={root} label={label} over={over} open />
        </ul>
      )}
    </FieldGroup>
  );
}

function toggled(chosen: Chosen, agencyId: string, name: string): Chosen {
  const { [agencyId]: before, ...others } = chosen;
  return before === undefined ? { ...chosen, [agencyId]: name } : others;
}
