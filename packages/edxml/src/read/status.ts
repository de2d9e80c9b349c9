import type { ResponseFor, StatusPackage } from '../package.ts';
import { NO_ORGANIZATION, readOrganization, readResponseFor, readStaffInfo } from './common.ts';
import type { Fields } from './fields.ts';

const NO_DOCUMENT: ResponseFor = {
  organId: '',
  code: { codeNumber: '', codeNotation: '' },
  promulgationDate: '',
  documentId: '',
};

/** Reads the header of a package that reports the status of a document. */
export function readStatus(message: Fields): Omit<StatusPackage, 'signed'> {
  const from = message.requiredGroup('From');
  const response = message.requiredGroup('ResponseFor');
  const staff = message.group('StaffInfo');
  const status: Omit<StatusPackage, 'signed'> = {
    kind: 'status',
    from: from ? readOrganization(from) : NO_ORGANIZATION,
    responseFor: response ? readResponseFor(response) : NO_DOCUMENT,
    staffInfo: staff && readStaffInfo(staff),
    statusCode: message.integer('StatusCode', { min: 1, max: 99 }) ?? 0,
    description: message.text('Description'),
    timestamp: message.time('Timestamp', 'required'),
  };
  message.end();
  return status;
}
