import { X } from 'lucide-react';
import { useText } from '../text/text.tsx';

/** Names by the ids of agencies. */
export type Chosen = Record<string, string>;

/** Agencies that are chosen, each with a press to drop it. */
export function ChosenAgencies({ chosen, onDrop }: { chosen: Chosen; onDrop: (agencyId: string) => void }) {
  const { t } = useText();
  const names = Object.entries(chosen);
  if (names.length === 0) return null;
  return (
    <ul className="row chosen">
      {names.map(([agencyId, name]) => (
        <li key={agencyId}>
          <button type="button" className="badge badge-accent chip" onClick={() => onDrop(agencyId)}>
            {name}
            <X size={14} className="icon" aria-hidden />
            <span className="hidden-text">{t('action.remove')}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
