import type { directory } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight, X } from 'lucide-react';
import { useState } from 'react';
import { query } from '../../api/query-client.ts';
import { nameOf, parentOf } from '../../text/agency.ts';
import { useText } from '../../text/text.tsx';
import { AgencySearch } from '../../ui/agency-search.tsx';
import { FieldGroup } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';

/** Names by the ids of agencies. */
type Chosen = Record<string, string>;

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
  const names = Object.entries(chosen);
  return (
    <FieldGroup label={t('compose.recipientCount', { count: names.length })} error={error}>
      {names.length > 0 && (
        <ul className="row chosen">
          {names.map(([agencyId, name]) => (
            <li key={agencyId}>
              <button
                type="button"
                className="badge badge-accent chip"
                onClick={() => onChange(toggled(chosen, agencyId, name))}
              >
                {name}
                <X size={14} className="icon" aria-hidden />
                <span className="hidden-text">{t('action.remove')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <AgencySearch onChoose={(found) => onChange({ ...chosen, [found.id]: nameOf(found) })} />
      <ProblemNote error={parent.error} onRetry={() => void parent.refetch()} />
      {root !== undefined && (
        <ul className="tree">
          <Branch agency={root} own={agency?.id ?? ''} chosen={chosen} onChange={onChange} open />
        </ul>
      )}
    </FieldGroup>
  );
}

function toggled(chosen: Chosen, agencyId: string, name: string): Chosen {
  const { [agencyId]: before, ...others } = chosen;
  return before === undefined ? { ...chosen, [agencyId]: name } : others;
}

interface BranchProps {
  agency: directory.Agency;
  own: string;
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
  open?: boolean;
}

/** One agency with those below it, which are read when it is opened. */
function Branch({ agency, own, chosen, onChange, open: first = false }: BranchProps) {
  const { t } = useText();
  const [open, setOpen] = useState(first);
  const below = useQuery({
    ...query('directory.v1.AgencyDirectoryService/ListChildren', { agencyId: agency.id, pageSize: 200 }),
    enabled: open,
  });
  const name = nameOf(agency);
  const children = below.data?.agencies ?? [];
  const others = children.filter(({ id }) => id !== own);
  return (
    <li>
      <div className="row branch">
        <button
          type="button"
          className="button button-plain toggle"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}
          <span className="hidden-text">{t('tree.below', { name })}</span>
        </button>
        <label className="check">
          <input
            type="checkbox"
            disabled={agency.id === own}
            checked={agency.id in chosen}
            onChange={() => onChange(toggled(chosen, agency.id, name))}
          />
          {name}
        </label>
      </div>
      {open && (
        <div className="stack tight below">
          <ProblemNote error={below.error} onRetry={() => void below.refetch()} />
          {below.isSuccess && children.length === 0 && (
            <p className="small muted">{t('tree.nothingBelow')}</p>
          )}
          {others.length > 1 && (
            <div>
              <button
                type="button"
                className="button"
                onClick={() =>
                  onChange({ ...chosen, ...Object.fromEntries(others.map((one) => [one.id, nameOf(one)])) })
                }
              >
                {t('tree.chooseAll', { count: others.length })}
              </button>
            </div>
          )}
          <ul className="tree">
            {children.map((child) => (
              <Branch key={child.id} agency={child} own={own} chosen={chosen} onChange={onChange} />
            ))}
          </ul>
        </div>
      )}
    </li>
  );
}
