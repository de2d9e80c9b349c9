import type { directory } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { query } from '../api/query-client.ts';
import { codeOf, nameOf } from '../text/agency.ts';
import { useText } from '../text/text.tsx';
import { TextField } from './field.tsx';
import { ProblemNote } from './problem-note.tsx';

const MOST = 8;

interface AgencySearchProps {
  /** Also agencies that have ended, and names of before. */
  past?: boolean;
  onChoose: (agency: directory.Agency) => void;
}

/** Agencies by name, with or without marks. */
export function AgencySearch({ past = false, onChoose }: AgencySearchProps) {
  const { t } = useText();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const { data, error } = useQuery({
    ...query('directory.v1.AgencyDirectoryService/SearchAgencies', {
      query: wanted,
      includeEnded: past,
      pageSize: MOST,
    }),
    enabled: wanted.length > 1,
  });
  return (
    <div className="stack tight">
      <TextField
        label={t('tree.search')}
        type="search"
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        // A press of Enter looks for an agency; it does not send the form around it.
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      <ProblemNote error={error} />
      <ul className="stack tight" aria-live="polite">
        {wanted.length > 1 &&
          data?.agencies.map((agency) => (
            <li key={agency.id}>
              <button
                type="button"
                className="button found"
                onClick={() => {
                  onChoose(agency);
                  setText('');
                }}
              >
                {nameOf(agency)} <span className="small muted number">{codeOf(agency)}</span>
              </button>
            </li>
          ))}
      </ul>
    </div>
  );
}
