import type { Code, Organization, ResponseFor, StaffInfo } from '../package.ts';
import type { Fields } from './fields.ts';

export function readOrganization(fields: Fields): Organization {
  const organization = {
    organId: fields.text('OrganId', 'required'),
    organizationInCharge: fields.text('OrganizationInCharge'),
    organName: fields.text('OrganName'),
    organAdd: fields.text('OrganAdd'),
    email: fields.text('Email'),
    telephone: fields.text('Telephone'),
    fax: fields.text('Fax'),
    website: fields.text('Website'),
  };
  fields.end();
  return organization;
}

export const NO_ORGANIZATION: Organization = {
  organId: '',
  organizationInCharge: '',
  organName: '',
  organAdd: '',
  email: '',
  telephone: '',
  fax: '',
  website: '',
};

export function readCode(fields: Fields | undefined, isRequired: 'required' | '' = ''): Code {
  const code = {
    codeNumber: fields?.text('CodeNumber', isRequired) ?? '',
    codeNotation: fields?.text('CodeNotation', isRequired) ?? '',
  };
  fields?.end();
  return code;
}

export function readResponseFor(fields: Fields): ResponseFor {
  const response = {
    organId: fields.text('OrganId'),
    code: readCode(fields.group('Code')),
    promulgationDate: fields.time('PromulgationDate'),
    documentId: fields.text('DocumentId'),
  };
  if (response.documentId === '' && response.code.codeNumber === '')
    fields.findings.refuse(
      fields.element,
      'FIELD_REQUIRED',
      'must have DocumentId, or Code and PromulgationDate; add one of them',
    );
  fields.end();
  return response;
}

export function readStaffInfo(fields: Fields): StaffInfo {
  const staffInfo = {
    department: fields.text('Department'),
    staff: fields.text('Staff'),
    email: fields.text('Email'),
    mobile: fields.text('Mobile'),
  };
  fields.end();
  return staffInfo;
}
