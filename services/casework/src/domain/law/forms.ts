/** The forms that the law prescribes for a dossier's papers, versioned by date. */
import { Form } from '@lienthong/contracts/casework';
import { type LawVersion, versionFor } from './version.ts';

export type PaperForm = Exclude<Form, typeof Form.UNSPECIFIED>;

export interface FormSet extends LawVersion {
  /** The number of each form that the set has. */
  numbers: Readonly<Partial<Record<PaperForm, string>>>;
}

/** Newest first. */
export const FORM_SETS: readonly FormSet[] = [
  {
    from: '2025-09-15',
    governs: 'lodged-since',
    source: 'Thông tư 03/2025/TT-VPCP',
    numbers: {
      [Form.RECEIPT]: '01',
      [Form.SUPPLEMENT_REQUEST]: '02',
      [Form.REFUSAL]: '03',
      [Form.APOLOGY]: '04',
      [Form.STOP_NOTICE]: '05',
      [Form.CONTROL_SHEET]: '06',
      [Form.REGISTER]: '07',
    },
  },
  {
    from: '',
    governs: 'lodged-since',
    source: 'Thông tư 01/2018/TT-VPCP',
    numbers: {
      [Form.RECEIPT]: '01',
      [Form.SUPPLEMENT_REQUEST]: '02',
      [Form.REFUSAL]: '03',
      [Form.APOLOGY]: '04',
      [Form.CONTROL_SHEET]: '05',
      [Form.REGISTER]: '06',
    },
  },
];

/** The forms of a dossier on a date; both dates are YYYY-MM-DD. */
export const formsFor = (lodgedOn: string, today: string): FormSet => versionFor(FORM_SETS, lodgedOn, today);
