import type { IssuedCertificate } from '@lienthong/testkit';
import { signingAuthority } from '@lienthong/testkit';
import { type Against, type Algorithm, keySigner, readTrust, type Signer } from '../src/index.ts';

export const NOW = new Date();
export const authority = signingAuthority();
export const AGENCY = { CN: 'UBND xã Tân Hòa', organizationIdentifier: 'H61.29542' };

export const signerOf = (
  { key, certificate }: IssuedCertificate,
  algorithm?: Algorithm,
  above: readonly IssuedCertificate[] = [],
): Signer =>
  keySigner({ key, certificates: [certificate, ...above.map((one) => one.certificate)].join(''), algorithm });

export const against: Against = { trust: readTrust({ authorities: authority.certificate }), at: NOW };
export const content = Buffer.from('Quyết định số 12/QĐ-UBND');
