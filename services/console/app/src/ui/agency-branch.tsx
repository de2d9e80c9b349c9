import type { directory } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { query } from '../api/query-client.ts';
import { nameOf } from '../text/agency.ts';
import { useText } from '../text/text.tsx';
import { ProblemNote } from './problem-note.tsx';

const MOST = 200;

interface AgencyBranchProps {
  agency: directory.Agency;
  /** The tree of a date; by default of today. */
  at?: string;
  /** Whether those below are shown from the beginning. */
  open?: boolean;
  /** What stands for an agency. */
  label: (agency: directory.Agency) => ReactNode;
  /** What stands over those below one. */
  over?: (below: readonly directory.Agency[]) => ReactNode;
}

/** One agency with those below it, which are read when it is opened. */
export function AgencyBranch({ agency, at = '', open: first = false, label, over }: AgencyBranchProps) {
  const { t } = useText();
  const [open, setOpen] = useState(first);
  const { data, error, refetch } = useQuery({
    ...query('directory.v1.AgencyDirectoryService/ListChildren', {
      agencyId: agency.id,
      ...(at && { at }),
      pageSize: MOST,
    }),
    enabled: open,
  });
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
          <span className="hidden-text">{t('tree.below', { name: nameOf(agency, at || undefined) })}</span>
        </button>
        {label(agency)}
      </div>
      {open && (
        <div className="stack tight below">
          <ProblemNote error={error} onRetry={() => void refetch()} />
          {data?.agencies.length === 0 && <p className="small muted">{t('tree.nothingBelow')}</p>}
          {data !== undefined && over?.(data.agencies)}
          <ul className="tree">
            {data?.agencies.map((child) => (
              <AgencyBranch key={child.id} agency={child} at={at} label={label} {...(over && { over })} />
            ))}
          </ul>
          {data?.nextPageToken !== undefined && data.nextPageToken !== '' && (
            <p className="small muted">{t('tree.more')}</p>
          )}
        </div>
      )}
    </li>
  );
}
