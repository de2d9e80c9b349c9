import { Definition } from '@lienthong/contracts/registry';
import { tooLarge } from '@lienthong/workflow';
import { checkDocument, type FormFault } from './check-document.ts';
import { toDefinition } from './to-definition.ts';
import { toDocument } from './to-document.ts';

/** With the record around it, the event of a version stays far below what the log takes. */
export const MAX_DEFINITION_BYTES = 256 * 1024;

export type Normalised = { ok: true; definition: Definition } | { ok: false; faults: readonly FormFault[] };

/** A definition in the one form in which it is kept: text in NFC and trimmed, what means the same written the same. */
export function normalise(given: Definition): Normalised {
  const oversize = oversizeOf(given);
  if (oversize) return { ok: false, faults: [oversize] };
  const checked = checkDocument(toDocument(given));
  return checked.ok ? { ok: true, definition: toDefinition(checked.document) } : checked;
}

/** To be looked at before anything that works by recursion. */
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
