import { createSignal, useSignal } from '../api/signal.ts';
import { language, translate } from './text.tsx';

type Reasons = Readonly<Record<string, string>>;

/** Vietnamese words of refusals, which the first load leaves out. */
const reasons = createSignal<Reasons | undefined>(undefined);
let loading = false;

function load(): void {
  if (loading) return;
  loading = true;
  import('./reasons.vi.json', { with: { type: 'json' } }).then(
    ({ default: all }) => reasons.set(all),
    () => {
      loading = false;
    },
  );
}

/** Says why the platform refuses something, in the language that is chosen; its own words are English. */
export function useReasons(): (reason: string, description: string) => string {
  const known = useSignal(reasons);
  const spoken = useSignal(language);
  return (reason, description) => {
    if (spoken === 'en') return description;
    if (known === undefined) load();
    return known?.[reason] ?? translate('problem.unknown', { reason: reason === '' ? description : reason });
  };
}
