import { type Hash, leafHash } from '@lienthong/transparency-log';
import { z } from 'zod';
import { Fault, malformed } from './fault.ts';
import { type AuditRecord, commit, entryOf } from './record.ts';

/** A leaf of the audit log with what it commits to. */
export interface LoggedEntry {
  index: number;
  record: AuditRecord;
  /** What the record's commitment opens to; absent: not shown, or deleted. */
  content?: Content;
}

export interface Content {
  salt: Buffer;
  payload: Buffer;
}

const text = z.string().refine((value) => value.isWellFormed(), 'is not well-formed Unicode');
const count = z.int().min(0);

/** Base 64 in its one canonical form. */
export const base64 = z.string().transform((value, context): Buffer => {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') === value) return bytes;
  context.addIssue({ code: 'custom', message: 'is not Base 64' });
  return z.NEVER;
});

export const hash = base64.refine(({ length }) => length === 32, 'is not a hash of 32 bytes');

/** Members that the record does not commit to are refused: nobody may show them as proved. */
const auditRecord = z.strictObject({
  version: z.literal(1),
  kind: z.enum(['event', 'read', 'act']),
  source: text,
  position: count,
  index: count.optional(),
  eventId: text,
  type: text,
  occurredAt: z.iso.datetime({ precision: 3 }),
  actor: z.strictObject({ agencyId: text, officerId: text }),
  aggregateId: text,
  aggregateVersion: count,
  agencyId: text,
  documentId: text,
  dossierCode: text,
  payload: z.hash('sha256'),
}) satisfies z.ZodType<AuditRecord>;

/** The members of an entry as files have them. */
export const entryMembers = {
  index: count,
  record: auditRecord,
  salt: base64.optional(),
  payload: base64.optional(),
};

/** @param where the place in the file, in words that both languages read, such as "dòng/line 3" */
export function parseJson<T>(schema: z.ZodType<T>, json: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed(`${where}: không phải JSON`, `${where}: is not JSON`);
  }
  const { data, error } = schema.safeParse(value);
  const [issue] = error?.issues ?? [];
  if (issue) {
    const detail = `${issue.path.join('.')} ${issue.message}`.trim();
    throw malformed(`${where}: sai định dạng (${detail})`, `${where}: is malformed (${detail})`);
  }
  return data as T;
}

/** The file of one entry beside its proof: the members record, salt and payload, or the record alone. @throws Fault */
export function readEntry(json: string): Omit<LoggedEntry, 'index'> {
  const members = z.strictObject({ ...entryMembers, index: count.optional() });
  const alone = auditRecord.transform((record) => ({ record }));
  const { index: _, ...entry } = entryFrom({
    index: 0,
    ...parseJson(z.union([members, alone]), json, 'tệp/file'),
  });
  return entry;
}

/** An entry from the members of a file. Throws a Fault when it shows a payload without its salt. */
export function entryFrom(members: {
  index: number;
  record: AuditRecord;
  salt?: Buffer;
  payload?: Buffer;
}): LoggedEntry {
  const { index, record, salt, payload } = members;
  if (salt && payload) return { index, record, content: { salt, payload } };
  if (!salt && !payload) return { index, record };
  throw malformed(
    `lá ${index}: nội dung và khóa cam kết phải đi cùng nhau`,
    `leaf ${index}: payload and salt come together`,
  );
}

/** An entry as files have it. */
export const entryJson = ({ index, record, content }: LoggedEntry): object => ({
  index,
  record,
  ...(content && { salt: content.salt.toString('base64'), payload: content.payload.toString('base64') }),
});

/** The fault of an entry whose shown payload is not the one that the record commits to. */
export function contentFault({ index, record, content }: LoggedEntry): Fault | undefined {
  if (!content || commit(content.payload, content.salt) === record.payload) return undefined;
  return new Fault('CONTENT_CHANGED', {
    vi: `Lá ${index}: nội dung không phải nội dung mà bản ghi đã cam kết (${nameOf(record)})`,
    en: `Leaf ${index}: the payload is not the one that the record commits to (${nameOf(record)})`,
    leaf: index,
  });
}

/** The fault of an entry whose record is not the one that the tree has. */
export function recordFault({ index, record }: LoggedEntry, inTree: Hash): Fault | undefined {
  if (leafHash(entryOf(record)).equals(inTree)) return undefined;
  return new Fault('RECORD_CHANGED', {
    vi: `Lá ${index}: bản ghi khác với bản ghi mà nhật ký đã ký (${nameOf(record)})`,
    en: `Leaf ${index}: the record is not the one that the log has signed (${nameOf(record)})`,
    leaf: index,
  });
}

/** Where somebody finds the entry: source, position and type. */
const nameOf = ({ source, position, index, type }: AuditRecord): string =>
  `${source} ${position}${index === undefined ? '' : `.${index}`} ${type}`;
