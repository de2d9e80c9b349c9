import { type Applicant, ApplicantKind } from '@lienthong/contracts/casework';
import { readablePhone } from '@lienthong/kit';
import type { Field } from '@lienthong/paper';

/** The applicant as papers print it. */
export interface PrintedApplicant {
  name: string;
  address: string;
  phone: string;
  email: string;
  /** How a sentence addresses the applicant: "Ông/Bà". */
  salutation: string;
}

const SALUTATIONS: Readonly<Record<ApplicantKind, string>> = {
  [ApplicantKind.UNSPECIFIED]: 'Ông/Bà (hoặc tổ chức)',
  [ApplicantKind.CITIZEN]: 'Ông/Bà',
  [ApplicantKind.HOUSEHOLD]: 'Quý hộ',
  [ApplicantKind.ORGANISATION]: 'Quý cơ quan, tổ chức',
  [ApplicantKind.FOREIGN]: 'Ông/Bà',
};

export const printApplicant = ({ fullName, address, phone, email, kind }: Applicant): PrintedApplicant => ({
  name: fullName,
  address,
  phone: readablePhone(phone),
  email,
  salutation: SALUTATIONS[kind],
});

/** Who handed a dossier in for the applicant; '' for the applicant. */
export function printSubmitter({ submitter }: Applicant): string {
  if (submitter === undefined) return '';
  const { fullName, phone, authorisation } = submitter;
  const about = [
    authorisation === '' ? 'được ủy quyền' : `theo ủy quyền: ${authorisation}`,
    ...(phone === '' ? [] : [`điện thoại ${readablePhone(phone)}`]),
  ];
  return `${fullName} (${about.join('; ')})`;
}

export const contactLines = ({ address, phone, email }: PrintedApplicant): Field[][] => [
  [{ label: 'Địa chỉ', value: address }],
  [
    { label: 'Số điện thoại', value: phone },
    { label: 'Email', value: email },
  ],
];
