import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { reject } from '../verification-error.ts';
import { decodeBase64 } from './base64.ts';
import { isKeyName, type NoteSignature } from './note.ts';

/** What a key signs: the text of a note, or a checkpoint with the time at which a witness saw it. */
export type KeyKind = 'note' | 'cosignature';

/** C2SP signed-note, "Signature types". */
const TYPES: Readonly<Record<KeyKind, number>> = { note: 0x01, cosignature: 0x04 };

/** A public key that is trusted for a purpose, under the name its holder signs with. */
export interface Verifier {
  name: string;
  keyId: number;
  kind: KeyKind;
  /** Seconds since 1970 of a cosignature, 0 of another signature; undefined: it does not verify. */
  verify(text: string, signature: Buffer): number | undefined;
}

export interface Signer {
  name: string;
  keyId: number;
  kind: KeyKind;
  /** The key as it is given to those who verify: NAME+ID+BASE64. */
  verifierKey: string;
  /** @param seconds since 1970; only a cosignature carries it */
  sign(text: string, seconds: number): NoteSignature;
}

/** DER before the 32 bytes of an Ed25519 key (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

const idOf = (name: string, encoded: Buffer): number =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), encoded]), 'buffer').readUInt32BE(0);

const hex = (keyId: number): string => keyId.toString(16).padStart(8, '0');

/** A new Ed25519 key in the form that `readSigner` reads: PRIVATE+KEY+NAME+ID+BASE64. It is a secret. */
export function generateSignerKey(name: string, kind: KeyKind): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8.length);
  const type = Buffer.of(TYPES[kind]);
  const keyId = idOf(checkedName(name), Buffer.concat([type, publicBytes(privateKey)]));
  return `PRIVATE+KEY+${name}+${hex(keyId)}+${Buffer.concat([type, seed]).toString('base64')}`;
}

/** @throws VerificationError; its message does not repeat the key */
export function readSigner(signerKey: string): Signer {
  const match = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(signerKey.trim());
  if (!match) reject('a signer key is: PRIVATE+KEY+NAME+ID+BASE64');
  const [, name, id, encoded] = match as unknown as [string, string, string, string];
  const { kind, key: seed } = readKey(name, encoded);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const material = Buffer.concat([Buffer.of(TYPES[kind]), publicBytes(privateKey)]);
  const keyId = idOf(name, material);
  if (hex(keyId) !== id) reject(`the id of the key ${name} is not that of its bytes`);
  return {
    name,
    keyId,
    kind,
    verifierKey: `${name}+${id}+${material.toString('base64')}`,
    sign: (text, seconds) => ({ name, keyId, signature: signText(privateKey, kind, text, seconds) }),
  };
}

/** @throws VerificationError */
export function readVerifier(verifierKey: string): Verifier {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(verifierKey.trim());
  if (!match) reject('a verifier key is: NAME+ID+BASE64');
  const [, name, id, encoded] = match as unknown as [string, string, string, string];
  const { kind, key } = readKey(name, encoded);
  const keyId = idOf(name, Buffer.concat([Buffer.of(TYPES[kind]), key]));
  if (hex(keyId) !== id) reject(`the id of the key ${name} is not that of its bytes`);
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' });
  return {
    name,
    keyId,
    kind,
    verify: (text, signature) => verifyText(publicKey, kind, text, signature),
  };
}

/** C2SP tlog-cosignature: a header and the time before the text of the checkpoint. */
const cosigned = (text: string, seconds: number | bigint) =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);

function signText(key: KeyObject, kind: KeyKind, text: string, seconds: number): Buffer {
  if (kind === 'note') return sign(null, Buffer.from(text), key);
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new RangeError('seconds must be a whole number');
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  return Buffer.concat([time, sign(null, cosigned(text, seconds), key)]);
}

function verifyText(key: KeyObject, kind: KeyKind, text: string, signature: Buffer): number | undefined {
  const timed = kind === 'cosignature' ? 8 : 0;
  if (signature.length !== timed + SIGNATURE_BYTES) return undefined;
  const seconds = timed === 0 ? 0 : Number(signature.readBigUInt64BE(0));
  const message = timed === 0 ? Buffer.from(text) : cosigned(text, signature.readBigUInt64BE(0));
  const valid = Number.isSafeInteger(seconds) && verify(null, message, key, signature.subarray(timed));
  return valid ? seconds : undefined;
}

function readKey(name: string, encoded: string): { kind: KeyKind; key: Buffer } {
  const bytes = decodeBase64(encoded, `the key ${checkedName(name)}`);
  const kind = (Object.keys(TYPES) as KeyKind[]).find((one) => TYPES[one] === bytes[0]);
  if (kind === undefined || bytes.length !== KEY_BYTES + 1)
    reject(`the key ${name} is not an Ed25519 key of type 1 or 4`);
  return { kind: kind as KeyKind, key: bytes.subarray(1) };
}

const publicBytes = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);

function checkedName(name: string): string {
  if (!isKeyName(name)) reject('the name of a key has no spaces and no plus signs');
  return name;
}
