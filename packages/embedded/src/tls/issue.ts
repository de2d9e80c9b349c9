import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';

/** PEM. */
export interface Issued {
  cert: string;
  key: string;
}

export interface Issuer {
  commonName: string;
  key: KeyObject;
}

const DAY_MS = 24 * 3600 * 1000;
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';

/** An authority's own certificate. */
export const issueAuthority = (commonName: string, days: number): Issued =>
  issue({ commonName, days }, [
    extension(
      asn1.id_ce_basicConstraints,
      new asn1.BasicConstraints({ cA: true, pathLenConstraint: 0 }),
      true,
    ),
    extension(
      asn1.id_ce_keyUsage,
      new asn1.KeyUsage(asn1.KeyUsageFlags.keyCertSign | asn1.KeyUsageFlags.cRLSign),
      true,
    ),
  ]);

/** A server's certificate for host names and for this machine's address 127.0.0.1. */
export const issueForServer = (by: Issuer, names: readonly string[], days: number): Issued =>
  issue({ commonName: names[0] as string, days, by }, [
    extension(
      asn1.id_ce_subjectAltName,
      new asn1.SubjectAlternativeName([
        ...names.map((dNSName) => new asn1.GeneralName({ dNSName })),
        new asn1.GeneralName({ iPAddress: '127.0.0.1' }),
      ]),
    ),
    extension(asn1.id_ce_extKeyUsage, new asn1.ExtendedKeyUsage([asn1.id_kp_serverAuth])),
    extension(asn1.id_ce_keyUsage, new asn1.KeyUsage(asn1.KeyUsageFlags.digitalSignature), true),
  ]);

/** A certificate (RFC 5280) with a new key on P-256; without `by` it signs itself. */
function issue(
  { commonName, days, by }: { commonName: string; days: number; by?: Issuer },
  extensions: readonly asn1.Extension[],
): Issued {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = by ?? { commonName, key: privateKey };
  const now = Date.now();
  const algorithm = new asn1.AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  // Positive, as a serial number must be.
  const serial = Buffer.concat([Buffer.of(1), randomBytes(15)]);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const content = new asn1.TBSCertificate({
    version: asn1.Version.v3,
    serialNumber: bufferOf(serial),
    signature: algorithm,
    issuer: nameOf(issuer.commonName),
    // A day of tolerance for clocks.
    validity: new asn1.Validity({
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + days * DAY_MS),
    }),
    subject: nameOf(commonName),
    subjectPublicKeyInfo: AsnConvert.parse(bufferOf(spki), asn1.SubjectPublicKeyInfo),
    extensions: new asn1.Extensions([
      extension(
        asn1.id_ce_subjectKeyIdentifier,
        new asn1.SubjectKeyIdentifier(bufferOf(createHash('sha256').update(spki).digest().subarray(0, 20))),
      ),
      ...extensions,
    ]),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(content)), issuer.key);
  const certificate = new asn1.Certificate({
    tbsCertificate: content,
    signatureAlgorithm: algorithm,
    signatureValue: bufferOf(signature),
  });
  return {
    cert: toPem(Buffer.from(AsnConvert.serialize(certificate))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const nameOf = (commonName: string) =>
  new asn1.Name([
    new asn1.RelativeDistinguishedName([
      new asn1.AttributeTypeAndValue({
        type: COMMON_NAME,
        value: new asn1.AttributeValue({ utf8String: commonName }),
      }),
    ]),
  ]);

const extension = (extnID: string, value: object, critical = false) =>
  new asn1.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });

const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

function toPem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
