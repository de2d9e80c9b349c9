import { ReturnWay } from '@lienthong/contracts/casework';
import type { Act } from '../domain/dossier/state.ts';
import type { Case } from './case.ts';

/** The one-stop unit at whose counter the result is taken, as of an act of the intake agency. */
export function counterOf({ dossier, oneStop, party }: Case, { agency, at }: Act): string {
  const agencyId = dossier.resultReturn?.agencyId ?? '';
  return oneStop(agencyId === '' ? agency : party(agencyId, at), at).title;
}

/** Where and how the applicant takes the result, as agreed with the acceptance. */
export function resultReturnOf({ dossier, applicant }: Case, counter: string): string {
  const { way, place } = dossier.resultReturn ?? { way: ReturnWay.COUNTER, place: '' };
  switch (way) {
    case ReturnWay.POST:
      return `địa chỉ ${place || applicant.address}, qua dịch vụ bưu chính`;
    case ReturnWay.ELECTRONIC:
      return `${place || applicant.email}, bản điện tử`;
    default:
      return `${place || counter}, trực tiếp`;
  }
}

const WAYS: Readonly<Record<ReturnWay, string>> = {
  [ReturnWay.UNSPECIFIED]: 'Trực tiếp',
  [ReturnWay.COUNTER]: 'Trực tiếp',
  [ReturnWay.POST]: 'Bưu chính',
  [ReturnWay.ELECTRONIC]: 'Trực tuyến',
};

/** For a column of the register. */
export const returnWayOf = ({ resultReturn }: Case['dossier']): string =>
  WAYS[resultReturn?.way ?? ReturnWay.COUNTER];
