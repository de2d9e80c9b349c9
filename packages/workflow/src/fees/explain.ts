/** Explains for people which rule gave which amount. */
import { dateInFigures } from '@lienthong/working-time';
import type { ComputedFee } from './compute.ts';

export interface FeeExplanation {
  vi: string;
  en: string;
}

/** "Lệ phí cấp bản sao trích lục hộ tịch: 8.000 đồng/bản × 3 bản = 24.000 đồng (Thông tư 281/2016/TT-BTC)". */
export function explainFee(fee: ComputedFee): FeeExplanation {
  const { name, rule, relief, amountVnd } = fee;
  const whom = rule.name === '' ? '' : ` (${rule.name})`;
  const source = rule.source === '' ? '' : ` (${rule.source})`;
  const sum = sumOf(fee);
  const reduced =
    relief === null
      ? { vi: '', en: '' }
      : {
          vi: `; ${relief.percent === 100 ? 'miễn' : `giảm ${relief.percent}%`}: ${reliefText(relief)}, còn ${inDong(amountVnd)}`,
          en: `; ${relief.percent === 100 ? 'exempt' : `${relief.percent}% off`}: ${reliefText(relief)}, leaves ${inVnd(amountVnd)}`,
        };
  return {
    vi: `${name}${whom}: ${sum.vi}${source}${reduced.vi}`,
    en: `${name}${whom}: ${sum.en}${source}${reduced.en}`,
  };
}

function sumOf({ rule, count }: ComputedFee): FeeExplanation {
  const { amountVnd: each, unit, included } = rule;
  if (count === null)
    return each === 0 ? { vi: 'không thu', en: 'free' } : { vi: inDong(each), en: inVnd(each) };
  const units = Math.max(0, count - included);
  const of = unit === '' ? '' : ` ${unit}`;
  const per = unit === '' ? '' : `/${unit}`;
  const beyond =
    included === 0
      ? { vi: '', en: '' }
      : { vi: ` (sau ${included}${of} đầu)`, en: ` (beyond the first ${included})` };
  return {
    vi: `${inDong(each)}${per} × ${units}${of}${beyond.vi} = ${inDong(each * units)}`,
    en: `${inVnd(each)}${per} × ${units}${of}${beyond.en} = ${inVnd(each * units)}`,
  };
}

function reliefText({ name, lastDay, source }: NonNullable<ComputedFee['relief']>): string {
  const until = lastDay === '' ? '' : `, đến hết ngày ${dateInFigures(lastDay)}`;
  return `${name}${until}${source === '' ? '' : ` (${source})`}`;
}

/** "24.000", as Vietnamese group thousands. */
export const groupThousands = (amount: number): string => String(amount).replace(/\B(?=(\d{3})+$)/g, '.');

const inDong = (amount: number): string => `${groupThousands(amount)} đồng`;
const inVnd = (amount: number): string => `${groupThousands(amount)} VND`;
