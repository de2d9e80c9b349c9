import type { Attachment } from '../package.ts';
import { unpack } from '../packing.ts';
import type { XmlElement } from '../xml/tree-reader.ts';
import type { Fields } from './fields.ts';

/** How a manifest and the attachments describe one file. */
interface Description {
  element: XmlElement;
  contentId: string;
  name: string;
  contentType: string;
  description: string;
}

interface Encoded extends Description {
  content: XmlElement | undefined;
}

/** Reads the files of a package, in the order of the manifest. */
export function readAttachments(
  manifest: Fields | undefined,
  encoded: Fields | undefined,
  maxBytes: number,
): Attachment[] {
  const references = manifest?.groups('Reference').map(readDescription) ?? [];
  const files = encoded?.groups('Attachment').map(readEncoded) ?? [];
  manifest?.end();
  encoded?.end();
  const findings = (manifest ?? encoded)?.findings;
  if (!findings) return [];
  const byId = new Map<string, Encoded>();
  for (const file of files) {
    if (byId.has(file.contentId))
      findings.refuse(
        file.element,
        'ATTACHMENT_REPEATED',
        `has the ContentId ${file.contentId} of another one`,
      );
    byId.set(file.contentId, file);
  }
  const taken = new Set<Encoded>();
  const attachments: Attachment[] = [];
  const take = (file: Encoded, reference: Description | undefined) => {
    taken.add(file);
    const content = contentOf(file, reference);
    if (content) attachments.push(content);
  };
  for (const reference of references) {
    const file = byId.get(reference.contentId);
    if (!file)
      findings.refuse(
        reference.element,
        'ATTACHMENT_MISSING',
        `names ${reference.contentId}, and no Attachment has this ContentId; add the file or remove the reference`,
      );
    else if (taken.has(file))
      findings.refuse(reference.element, 'ATTACHMENT_REPEATED', 'names a file that is named before');
    else take(file, reference);
  }
  for (const file of files) {
    if (taken.has(file)) continue;
    findings.accept(file.element, 'REFERENCE_MISSING', 'is not in the manifest; it was taken');
    take(file, undefined);
  }
  return attachments;

  function contentOf(file: Encoded, reference: Description | undefined): Attachment | undefined {
    const described = mergeDescriptions(file, reference);
    if (!file.content?.content) {
      findings?.refuse(
        file.content ?? file.element,
        file.content ? 'CONTENT_NOT_BASE64' : 'FIELD_REQUIRED',
        file.content ? 'must be Base64' : 'must have ContentTransferEncoded; add it',
      );
      return undefined;
    }
    const unpacked = unpack(file.content.content, described.name, maxBytes);
    if (unpacked.ok) return { ...described, content: unpacked.content, packed: unpacked.packed };
    findings?.refuse(file.content, unpacked.reason, unpacked.description);
    return undefined;
  }

  function mergeDescriptions(file: Encoded, reference: Description | undefined) {
    const merged = {
      contentId: file.contentId,
      name: file.name || reference?.name || file.contentId,
      contentType: file.contentType || reference?.contentType || '',
      description: file.description || reference?.description || '',
    };
    if (
      reference &&
      (['name', 'contentType', 'description'] as const).some((key) => reference[key] !== merged[key])
    )
      findings?.accept(
        reference.element,
        'DESCRIPTIONS_DIFFER',
        'describes its file in another way than the Attachment; what the Attachment says was taken',
      );
    return merged;
  }
}

function readDescription(fields: Fields): Description {
  const description = {
    element: fields.element,
    contentId: fields
      .text('ContentId', 'required')
      .replace(/^cid:/i, '')
      .replace(/^<(.*)>$/, '$1'),
    name: fields.text('AttachmentName'),
    contentType: fields.text('ContentType'),
    description: fields.text('Description'),
  };
  fields.end();
  return description;
}

function readEncoded(fields: Fields): Encoded {
  const content = fields.one('ContentTransferEncoded');
  return { content, ...readDescription(fields) };
}
