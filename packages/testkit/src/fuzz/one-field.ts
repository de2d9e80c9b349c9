/** Requests with one value in them. */
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export interface OneFieldRequest {
  /** The place of the field: `filter.types`. */
  name: string;
  bytes: Uint8Array;
}

/** True for a text and for a list of texts. */
export const isText = (field: DescField): boolean =>
  (field.fieldKind === 'list' ? field.listKind === 'scalar' : field.fieldKind === 'scalar') &&
  field.scalar === ScalarType.STRING;

/** Messages may contain themselves. */
const DEEPEST = 4;

/** For each text or message field of a type, at any depth, that has a value: a message with this value alone. */
export function* oneFieldRequests(
  type: DescMessage,
  toValue: (field: DescField) => Uint8Array | undefined,
  depth = 0,
): Generator<OneFieldRequest> {
  for (const field of type.fields) {
    const tagged = (bytes: Uint8Array) =>
      new BinaryWriter().tag(field.number, WireType.LengthDelimited).bytes(bytes).finish();
    const value = toValue(field);
    if (value) yield { name: field.name, bytes: tagged(value) };
    else if (field.message && field.fieldKind !== 'map' && depth < DEEPEST)
      for (const { name, bytes } of oneFieldRequests(field.message, toValue, depth + 1))
        yield { name: `${field.name}.${name}`, bytes: tagged(bytes) };
  }
}
