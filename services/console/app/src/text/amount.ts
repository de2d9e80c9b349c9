import type { Language } from './dates.ts';

/** "1.250.000 ₫"; '' for none. */
export function amountText(dong: string | undefined, language: Language): string {
  if (dong === undefined || dong === '0') return '';
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'VND' }).format(BigInt(dong));
}
