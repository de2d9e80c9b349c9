import { Definition } from '@lienthong/contracts/registry';
import { tooLarge } from '@lienthong/workflow';
import { checkDocument, type FormFault } from './check-document.ts';
import { toDefinition } from './to-definition.ts';
import { toDocument } from './to-document.ts';

/** With this limit the event of a version stays far below the event log's limit. */
export const MAX_DEFINITION_BYTES = 256 * 1024;

export type Normalised = { ok: true; definition: Definition } | { ok: false; faults: readonly FormFault[] };

/** The normal form of a definition, in which it is stored: texts in NFC and trimmed, equal meanings written equally. */
export function normalise(given: Definition): Normalised {
  const oversize = oversizeOf(given);
  if (oversize) return { ok: false, faults: [oversize] };
  const checked = checkDocument(toDocument(given));
  return checked.ok ? { ok: true, definition: toDefinition(checked.document) } : checked;
}

/** The first limit that a definition exceeds. Check it before any recursion over the definition. */
export function oversizeOf(definition: Definition): FormFault | undefined {
  const large = tooLarge(definition);
  if (large) {
    const [field = ''] = large.place.split('.');
    return { path: field === '' ? [] : [field], reason: 'DEFINITION_TOO_LARGE', message: large.message };
  }
  const bytes = Definition.encode(definition).finish().length;
  if (bytes <= MAX_DEFINITION_BYTES) return undefined;
  return {
    path: [],
    reason: 'DEFINITION_TOO_LARGE',
    message: `has ${bytes} bytes; the limit is ${MAX_DEFINITION_BYTES}; shorten its texts`,
  };
}
