import { DOCUMENT_TYPES } from '@lienthong/contracts/document-types';

const fold = (text: string): string => text.normalize('NFC').toLowerCase().trim();
const BY_NAME = new Map([...DOCUMENT_TYPES].map(([type, name]) => [fold(name), type]));
const BY_TYPE = new Map([...DOCUMENT_TYPES.keys()].map((type) => [fold(type), type]));

/** Notations of official letters begin with the agency ("UBND-VP"): the decree gives this type no abbreviation. */
export const LETTER = 'CV';

/** The type by its name in a package, else by the abbreviation that begins the notation; undefined: neither says it. */
export const documentType = (typeName: string, notation: string): string | undefined =>
  BY_NAME.get(fold(typeName)) ??
  BY_TYPE.get(fold(typeName)) ??
  BY_TYPE.get(fold(notation.split('-', 1)[0] ?? ''));

export const typeNameOf = (type: string): string => DOCUMENT_TYPES.get(type) ?? type;
