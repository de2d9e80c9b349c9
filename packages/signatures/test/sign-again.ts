import { type Signer, signCms, signPdf } from '../src/index.ts';

/** A signature beside the one that a file has, as another update of the plain file has it; it covers the first one. */
export async function signAgain(plain: Buffer, signed: Buffer, signer: Signer): Promise<Buffer> {
  const added = Buffer.from((await signPdf(plain, signer, new Date())).subarray(plain.length));
  const contents = added.indexOf('/Contents <') + '/Contents '.length;
  const after = added.indexOf('>', contents) + 1;
  const range = [signed.length + contents, signed.length + after, added.length - after];
  added.write(range.map((n) => String(n).padStart(10, '0')).join(' '), added.indexOf('/ByteRange') + 14);
  const covered = [signed, added.subarray(0, contents), added.subarray(after)];
  const signature = (await signCms(covered, signer, undefined)).toString('hex');
  added.write(signature.padEnd(after - contents - 2, '0'), contents + 1);
  return Buffer.concat([signed, added]);
}
