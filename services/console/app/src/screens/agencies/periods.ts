import type { directory } from '@lienthong/contracts/json';
import { dateText, type Language, WEEKDAYS } from '../../text/dates.ts';
import type { Translate } from '../../text/text.tsx';

/** " (từ 01/7/2025)"; '' of what holds always. */
export function periodText(
  { validFrom, validTo }: { validFrom: string; validTo: string },
  t: Translate,
  language: Language,
): string {
  const texts = [
    validFrom !== '' && t('period.from', { date: dateText(validFrom, language) }),
    validTo !== '' && t('period.until', { date: dateText(validTo, language) }),
  ].filter(Boolean);
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`;
}

/** "Thứ Hai: 07:00–11:00, 13:00–17:00", days with the same hours together. */
export function hoursText(spans: readonly directory.OfficeSpan[], language: Language): string[] {
  const days = new Map<string, string[]>();
  for (let day = 1; day <= 7; day += 1) {
    const ofDay = spans.filter((span) => span.day === day);
    if (ofDay.length === 0) continue;
    const hours = ofDay.map(({ opens, closes }) => `${opens}–${closes}`).join(', ');
    const name = WEEKDAYS[language][day % 7] ?? '';
    days.set(hours, [...(days.get(hours) ?? []), name]);
  }
  return [...days].map(([hours, names]) => `${names.join(', ')}: ${hours}`);
}
