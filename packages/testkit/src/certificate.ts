import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** DER (X.690): tag, length, contents. */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
const sequence = (...contents: Uint8Array[]) => der(0x30, ...contents);
const hex = (text: string) => Buffer.from(text, 'hex');
const integer = (n: number) => der(0x02, Buffer.of(n));

const ECDSA_WITH_SHA256 = sequence(hex('06082a8648ce3d040302'));
const COMMON_NAME = hex('0603550403');
const ALT_NAME = hex('0603551d11');
const BASIC_CONSTRAINTS = hex('0603551d13');

export interface Certificate {
  commonName: string;
  /** PEM. */
  key: string;
  cert: string;
}

export interface CertificateOptions {
  commonName?: string;
  /** DNS names that it is valid for. */
  names?: readonly string[];
  /** Whether it is valid for 127.0.0.1, too; default true. */
  loopback?: boolean;
  /** The issuer; without one the certificate signs itself and is an authority. */
  by?: Certificate;
  /** Begin and end of its validity, in days from now. */
  days?: readonly [from: number, until: number];
}

/** A certificate (RFC 5280) for tests; by default for "localhost", self-signed, valid until tomorrow. */
export function certificate(options: CertificateOptions = {}): Certificate {
  const { commonName = 'localhost', names = ['localhost'], loopback = true, by, days = [-1, 1] } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const extensions = sequence(
    sequence(
      ALT_NAME,
      der(
        0x04,
        sequence(
          ...names.map((name) => der(0x82, Buffer.from(name))),
          ...(loopback ? [der(0x87, hex('7f000001'))] : []),
        ),
      ),
    ),
    ...(by ? [] : [sequence(BASIC_CONSTRAINTS, hex('0101ff'), der(0x04, sequence(hex('0101ff'))))]),
  );
  const content = sequence(
    der(0xa0, integer(2)),
    // Unique for each certificate of an authority.
    der(0x02, Buffer.of(1, ...randomBytes(8))),
    ECDSA_WITH_SHA256,
    nameOf(by?.commonName ?? commonName),
    sequence(...days.map(dayFromNow)),
    nameOf(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', content, by?.key ?? key));
  const lines = sequence(content, ECDSA_WITH_SHA256, signature)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return {
    commonName,
    key,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

const nameOf = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));

const dayFromNow = (offset: number): Buffer =>
  der(
    0x18,
    Buffer.from(new Date(Date.now() + offset * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '')),
  );
