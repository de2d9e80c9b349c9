import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';

const DAY_MS = 86_400_000;
const ATTRIBUTES = { CN: '2.5.4.3', O: '2.5.4.10', OU: '2.5.4.11', organizationIdentifier: '2.5.4.97' };
const { KeyUsageFlags } = asn1;

export type Subject = Partial<Record<keyof typeof ATTRIBUTES, string>>;
export type KeyKind = 'rsa-2048' | 'rsa-1024' | 'P-256' | 'P-384' | 'P-521';

/** PEM. */
export interface IssuedCertificate {
  certificate: string;
  key: string;
  /** Hexadecimal. */
  serialNumber: string;
}

export interface SignerOptions {
  key?: KeyKind;
  /** From and until when it is valid; by default two years before and after now. */
  from?: Date;
  until?: Date;
  keyUsage?: number;
  purposes?: readonly string[];
}

/** An authority that certifies who signs documents, for tests. */
export interface SigningAuthority extends IssuedCertificate {
  issue(subject: Subject, options?: SignerOptions): IssuedCertificate;
  /** An authority below this one. */
  issueAuthority(subject: Subject, pathLength?: number): SigningAuthority;
  /** PEM: the list of what it has revoked. */
  crl(revoked?: readonly { serialNumber: string; at: Date }[], nextUpdate?: Date): string;
}

interface By {
  name: asn1.Name;
  key: KeyObject;
}

export function signingAuthority(
  subject: Subject = { CN: 'Tổ chức chứng thực thử nghiệm' },
): SigningAuthority {
  return authorityOf(subject, undefined, undefined);
}

function authorityOf(subject: Subject, by: By | undefined, pathLength: number | undefined): SigningAuthority {
  const basicConstraints = new asn1.BasicConstraints({ cA: true, pathLenConstraint: pathLength });
  const own = make(subject, by, { keyUsage: KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign }, [
    extension(asn1.id_ce_basicConstraints, basicConstraints, true),
  ]);
  const self: By = { name: nameOf(subject), key: own.keyObject };
  return {
    ...own.issued,
    issue: (of, options = {}) => make(of, self, options, []).issued,
    issueAuthority: (of, length) => authorityOf(of, self, length),
    crl: (revoked = [], nextUpdate = new Date(Date.now() + DAY_MS)) => crlOf(self, revoked, nextUpdate),
  };
}

function make(
  subject: Subject,
  by: By | undefined,
  { key: kind = 'P-256', from, until, keyUsage = KeyUsageFlags.nonRepudiation, purposes }: SignerOptions,
  extensions: readonly asn1.Extension[],
): { issued: IssuedCertificate; keyObject: KeyObject } {
  const { privateKey, publicKey } = keyPair(kind);
  const serial = Buffer.concat([Buffer.of(1), randomBytes(15)]);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const issuer = by ?? { name: nameOf(subject), key: privateKey };
  const content = new asn1.TBSCertificate({
    version: asn1.Version.v3,
    serialNumber: bufferOf(serial),
    signature: SHA256_ECDSA,
    issuer: issuer.name,
    validity: new asn1.Validity({
      notBefore: from ?? new Date(Date.now() - 730 * DAY_MS),
      notAfter: until ?? new Date(Date.now() + 730 * DAY_MS),
    }),
    subject: nameOf(subject),
    subjectPublicKeyInfo: AsnConvert.parse(bufferOf(spki), asn1.SubjectPublicKeyInfo),
    extensions: new asn1.Extensions([
      ...extensions,
      extension(asn1.id_ce_keyUsage, new asn1.KeyUsage(keyUsage), true),
      ...(purposes ? [extension(asn1.id_ce_extKeyUsage, new asn1.ExtendedKeyUsage([...purposes]))] : []),
    ]),
  });
  const certificate = new asn1.Certificate({
    tbsCertificate: content,
    signatureAlgorithm: SHA256_ECDSA,
    signatureValue: bufferOf(sign('sha256', Buffer.from(AsnConvert.serialize(content)), issuer.key)),
  });
  return {
    keyObject: privateKey,
    issued: {
      certificate: toPem('CERTIFICATE', certificate),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      serialNumber: serial.toString('hex'),
    },
  };
}

const keyPair = (kind: KeyKind) =>
  kind.startsWith('rsa')
    ? generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) })
    : generateKeyPairSync('ec', { namedCurve: kind });

function crlOf(
  { name, key }: By,
  revoked: readonly { serialNumber: string; at: Date }[],
  nextUpdate: Date,
): string {
  const content = new asn1.TBSCertList({
    version: asn1.Version.v2,
    signature: SHA256_ECDSA,
    issuer: name,
    thisUpdate: new asn1.Time(new Date(Date.now() - DAY_MS)),
    nextUpdate: new asn1.Time(nextUpdate),
    ...(revoked.length > 0 && {
      revokedCertificates: revoked.map(
        ({ serialNumber, at }) =>
          new asn1.RevokedCertificate({
            userCertificate: bufferOf(Buffer.from(serialNumber, 'hex')),
            revocationDate: new asn1.Time(at),
          }),
      ),
    }),
  });
  const list = new asn1.CertificateList({
    tbsCertList: content,
    signatureAlgorithm: SHA256_ECDSA,
    signature: bufferOf(sign('sha256', Buffer.from(AsnConvert.serialize(content)), key)),
  });
  return toPem('X509 CRL', list);
}

/** Authorities have keys on P-256. */
const SHA256_ECDSA = new asn1.AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });

const nameOf = (subject: Subject): asn1.Name =>
  new asn1.Name(
    Object.entries(subject).map(
      ([key, value]) =>
        new asn1.RelativeDistinguishedName([
          new asn1.AttributeTypeAndValue({
            type: ATTRIBUTES[key as keyof typeof ATTRIBUTES],
            value: new asn1.AttributeValue({ utf8String: value }),
          }),
        ]),
    ),
  );

const extension = (extnID: string, value: object, critical = false): asn1.Extension =>
  new asn1.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });

const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

function toPem(kind: string, structure: object): string {
  const base64 = Buffer.from(AsnConvert.serialize(structure)).toString('base64');
  return `-----BEGIN ${kind}-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${kind}-----\n`;
}
