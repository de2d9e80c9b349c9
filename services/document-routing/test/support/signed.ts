import { keySigner, type SignedBy, signDocument } from '@lienthong/client/sign';
import type { Agency } from '@lienthong/contracts/directory';
import { type IssueDocumentRequest, SignatureFormat, SignatureRole } from '@lienthong/contracts/routing';
import type { IssuedCertificate } from '@lienthong/testkit';
import { plan, type World } from './world.ts';

export const signerOf = ({ key, certificate }: IssuedCertificate) =>
  keySigner({ key, certificates: certificate });

/** A signature of the competent person. */
export const person = (by: IssuedCertificate): SignedBy => ({
  role: SignatureRole.COMPETENT_PERSON,
  format: SignatureFormat.CMS,
  signer: signerOf(by),
});

/** A signature of the agency. */
export const agencySeal = (by: IssuedCertificate): SignedBy => ({
  role: SignatureRole.AGENCY,
  format: SignatureFormat.JWS,
  signer: signerOf(by),
});

let numbers = 0;

/** A request with its number and date, signed. */
export function signedPlan(
  world: World,
  [issuer, ...recipients]: readonly [issuer: Pick<Agency, 'id'>, ...Pick<Agency, 'id'>[]],
  by: readonly SignedBy[],
): Promise<IssueDocumentRequest> {
  numbers += 1;
  const promulgatedOn = world.clock.now().toISOString().slice(0, 10);
  const request = plan(recipients, { number: String(numbers), promulgatedOn });
  return signDocument(request, { issuerId: issuer.id, by, at: world.clock.now() });
}
