import reasons from './reasons.vi.json' with { type: 'json' };
import { language, translate } from './text.tsx';

/** Why the platform refuses something, in the language that is chosen; its own words are English. */
export function reasonText(reason: string, description: string): string {
  if (language.get() === 'en') return description;
  const known = (reasons as Record<string, string>)[reason];
  return known ?? translate('problem.unknown', { reason: reason === '' ? description : reason });
}
