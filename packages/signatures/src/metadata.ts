import type { Document } from '@lienthong/contracts/routing';

/** What of a document is signed: all that its issuer writes, and nothing that the platform adds. */
export type SignedFields = Pick<
  Document,
  | 'issuerId'
  | 'number'
  | 'notation'
  | 'type'
  | 'subject'
  | 'content'
  | 'urgency'
  | 'deliverBy'
  | 'place'
  | 'promulgatedOn'
  | 'steering'
  | 'dueOn'
  | 'businessKind'
  | 'refersToId'
  | 'businessReason'
  | 'respondsToId'
  | 'pageAmount'
> & {
  signer: { competence: string; position: string; fullName: string } | undefined;
  tasks: readonly { content: string; dueOn: string }[];
  attachments: readonly { sha256: string; name: string; contentType: string; description: string }[];
  toPlaces: readonly string[];
  appendixes: readonly string[];
};

export const METADATA_FORMAT = 'lienthong-document@v1';

/**
 * The bytes that the detached signatures of a document sign: one JSON object in the canonical form of RFC 8785 (members
 * sorted, no white space, UTF-8).
 *
 * | member | value |
 * |---|---|
 * | `format` | `"lienthong-document@v1"` |
 * | `issuerId` | the id of the issuing agency |
 * | `number`, `notation`, `type`, `subject`, `content`, `place`, `businessReason` | texts in Unicode form NFC without white space around them |
 * | `promulgatedOn`, `dueOn` | `YYYY-MM-DD`, or `""` |
 * | `deliverBy` | RFC 3339 in UTC with milliseconds, or `""` |
 * | `urgency`, `steering`, `businessKind`, `pageAmount` | the numbers of the contract |
 * | `refersToId`, `respondsToId` | the ids of other documents, or `""` |
 * | `signer` | `{competence, fullName, position}`, or `null` |
 * | `tasks` | `[{content, dueOn}]` in their order |
 * | `attachments` | `[{contentType, description, name, sha256}]` in their order; `sha256` is lower-case hexadecimal |
 * | `toPlaces`, `appendixes` | lists of texts in their order |
 */
export function canonicalMetadata(fields: SignedFields): Buffer {
  const { signer } = fields;
  return Buffer.from(
    canonicalJson({
      format: METADATA_FORMAT,
      issuerId: fields.issuerId,
      number: fields.number,
      notation: fields.notation,
      type: fields.type,
      subject: fields.subject,
      content: fields.content,
      urgency: fields.urgency,
      deliverBy: fields.deliverBy?.toISOString() ?? '',
      place: fields.place,
      promulgatedOn: fields.promulgatedOn,
      steering: fields.steering,
      dueOn: fields.dueOn,
      businessKind: fields.businessKind,
      refersToId: fields.refersToId,
      businessReason: fields.businessReason,
      respondsToId: fields.respondsToId,
      pageAmount: fields.pageAmount,
      signer: signer
        ? { competence: signer.competence, position: signer.position, fullName: signer.fullName }
        : null,
      tasks: fields.tasks.map(({ content, dueOn }) => ({ content, dueOn })),
      attachments: fields.attachments.map(({ sha256, name, contentType, description }) => ({
        sha256,
        name,
        contentType,
        description,
      })),
      toPlaces: fields.toPlaces,
      appendixes: fields.appendixes,
    }),
  );
}

type Json = string | number | null | readonly Json[] | { readonly [name: string]: Json };

/** RFC 8785 for texts, whole numbers, lists and objects. */
function canonicalJson(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value.normalize('NFC').trim());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] as Json)}`);
  return `{${members.join(',')}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
