import { type LocalTime, readLocalTime } from './local-time.ts';

const ORGAN_ID = /^[A-Y]\d{2}(\.[A-Z0-9]+)*$/;
const OLD_ORGAN_ID = /^\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** True for a code of QĐ 20/2020/QĐ-TTg, or the 13 characters of TT 10/2016/TT-BTTTT. */
export const isOrganId = (text: string): boolean =>
  (text.length <= 35 && ORGAN_ID.test(text)) || OLD_ORGAN_ID.test(text);

/** What a DocumentId says of its document. */
export type DocumentIdParts =
  | { form: 'uuid'; uuid: string }
  | { form: 'composed'; organId: string; promulgationDate: LocalTime; number: string; notation: string }
  | { form: 'other' };

/** Reads a DocumentId: a UUID, or "OrganId,YYYY/MM/DD,number/notation". */
export function documentIdParts(text: string): DocumentIdParts {
  if (UUID.test(text)) return { form: 'uuid', uuid: text.toLowerCase() };
  const [organId = '', date = '', number = '', ...rest] = text.split(',').map((part) => part.trim());
  const promulgationDate = readLocalTime(date)?.value.slice(0, 10);
  const slash = number.indexOf('/');
  if (organId === '' || promulgationDate === undefined || slash < 1 || rest.length > 0)
    return { form: 'other' };
  return {
    form: 'composed',
    organId,
    promulgationDate,
    number: number.slice(0, slash),
    notation: number.slice(slash + 1),
  };
}
