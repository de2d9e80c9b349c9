import { signCms } from '../cms/sign.ts';
import type { Signer } from '../signer.ts';
import { PdfNotSignable, type PdfObject, readStructure } from './structure.ts';

/** What a CMS signature has besides certificates: attributes, names and the signature. */
const OVERHEAD_BYTES = 2048;
/** Ten digits: a file has less than 10 GB. */
const RANGE_DIGITS = 10;

/**
 * Adds an invisible PAdES signature (baseline B-B) of the whole file, as an incremental update. Signs files with
 * cross-reference tables and without a form, such as those of pdfkit.
 * @throws PdfNotSignable for another structure
 */
export async function signPdf(file: Uint8Array, signer: Signer, signedAt: Date): Promise<Buffer> {
  const original = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const { startXref, size, root, firstPage, carried } = readStructure(original);
  if (root.text.includes('/AcroForm')) throw new PdfNotSignable('the file has a form already');
  const hexLength = 2 * (OVERHEAD_BYTES + signer.certificates.reduce((sum, { length }) => sum + length, 0));
  const [signatureId, fieldId] = [`${size} 0`, `${size + 1} 0`];
  const range = `/ByteRange [0 ${Array(3).fill('0'.repeat(RANGE_DIGITS)).join(' ')}]`;
  const objects: PdfObject[] = [
    { id: root.id, text: withEntry(root.text, `/AcroForm << /SigFlags 3 /Fields [${fieldId} R] >>`) },
    { id: firstPage.id, text: withAnnotation(firstPage.text, fieldId) },
    {
      id: signatureId,
      text: `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (${pdfDate(signedAt)}) ${range} /Contents <${'0'.repeat(hexLength)}> >>`,
    },
    {
      id: fieldId,
      text: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (ChuKySo) /F 132 /Rect [0 0 0 0] /P ${firstPage.id} R /V ${signatureId} R >>`,
    },
  ];
  const update = updateOf(original, objects, {
    trailer: `<< /Size ${size + 2} /Root ${root.id} R ${carried} /Prev ${startXref} >>`,
  });
  const signed = Buffer.concat([original, update]);
  const contents = signed.indexOf('/Contents <', original.length) + '/Contents '.length;
  const after = contents + hexLength + 2;
  const numbers = [contents, after, signed.length - after].map((n) => String(n).padStart(RANGE_DIGITS, '0'));
  signed.write(`/ByteRange [0 ${numbers.join(' ')}]`, signed.indexOf(range, original.length), 'latin1');
  const signature = await signCms([signed.subarray(0, contents), signed.subarray(after)], signer, undefined);
  if (2 * signature.length > hexLength) throw new Error('the signature is longer than the place kept for it');
  signed.write(signature.toString('hex'), contents + 1, 'latin1');
  return signed;
}

const withEntry = (dictionary: string, entry: string): string => dictionary.replace(/>>$/, `${entry} >>`);

function withAnnotation(page: string, id: string): string {
  if (!page.includes('/Annots')) return withEntry(page, `/Annots [${id} R]`);
  const added = page.replace(/\/Annots\s*\[([^\]]*)\]/, `/Annots [$1 ${id} R]`);
  if (added === page) throw new PdfNotSignable("the first page's annotations are an object of their own");
  return added;
}

/** The new objects with their cross-reference table. */
function updateOf(original: Buffer, objects: readonly PdfObject[], { trailer }: { trailer: string }): Buffer {
  let at = original.length + 1;
  let body = '\n';
  const entries: { id: string; at: number }[] = [];
  for (const { id, text } of objects) {
    const written = `${id} obj\n${text}\nendobj\n`;
    entries.push({ id, at });
    body += written;
    at += written.length;
  }
  const table = entries.map((one) => {
    const [number, generation = ''] = one.id.split(' ');
    return `${number} 1\n${String(one.at).padStart(10, '0')} ${generation.padStart(5, '0')} n \n`;
  });
  return Buffer.from(
    `${body}xref\n${table.join('')}trailer\n${trailer}\nstartxref\n${at}\n%%EOF\n`,
    'latin1',
  );
}

/** ISO 32000-2, 7.9.4. */
const pdfDate = (at: Date): string => `D:${at.toISOString().replace(/[-:T]|\..*/g, '')}Z`;
