import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { ReadsRecorded } from '@lienthong/contracts/audit';
import type { Read } from '@lienthong/contracts/common';
import type { RawEvent } from '@lienthong/eventlog';
import { isUuid } from '@lienthong/kit';

export const ENTRY_KINDS = ['event', 'read'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** What becomes one leaf: an event, or one of the reads that an event bundles. */
export interface NewEntry {
  kind: EntryKind;
  /** Which of the event's reads, from 0. */
  part: number;
  event: RawEvent;
  occurredAt: Date;
  actor: { agencyId: string; officerId: string };
  /** '' where there is none, as in all references. */
  agencyId: string;
  documentId: string;
  dossierCode: string;
  traceparent: string;
  payload: Uint8Array;
  /** Why a read was refused; '' when it was allowed. */
  denied: string;
  /** What a read is about; undefined: it is an event. */
  about?: { documentIds: readonly string[]; dossierCodes: readonly string[] };
}

/** The entries of an event: itself, or its reads one by one. The payloads together are the event's bytes. */
export function entriesOf(event: RawEvent): NewEntry[] {
  const reads = event.type.endsWith('.ReadsRecorded') ? splitReads(event.bytes) : [];
  return reads.length > 0 ? reads.map((read, part) => readEntry(event, read, part)) : [eventEntry(event)];
}

const eventEntry = (event: RawEvent): NewEntry => ({
  kind: 'event',
  part: 0,
  event,
  occurredAt: event.envelope.occurredAt,
  actor: event.envelope.actor,
  agencyId: event.envelope.agencyId,
  documentId: event.envelope.documentId,
  dossierCode: event.envelope.dossierCode,
  traceparent: event.envelope.traceparent,
  payload: event.bytes,
  denied: '',
});

/** A caller may have named anything: an id that is not one stays in the payload alone. */
const readEntry = (event: RawEvent, { read, payload }: SplitRead, part: number): NewEntry => ({
  kind: 'read',
  part,
  event,
  occurredAt: read.at ?? event.envelope.occurredAt,
  actor: { agencyId: uuidOrNone(read.actor?.agencyId), officerId: read.actor?.officerId ?? '' },
  agencyId: uuidOrNone(read.ownerId),
  documentId: '',
  dossierCode: '',
  traceparent: read.traceparent,
  payload,
  denied: read.denied,
  about: { documentIds: read.documentIds.filter(isUuid), dossierCodes: read.dossierCodes },
});

const uuidOrNone = (id = ''): string => (isUuid(id) ? id : '');

interface SplitRead {
  read: Read;
  /** A `ReadsRecorded` with this read alone. */
  payload: Uint8Array;
}

const READS_FIELD = 1;

/** None when the bytes are anything but reads: such an event stays one entry, which has all of its bytes. */
function splitReads(bytes: Uint8Array): SplitRead[] {
  const reads: SplitRead[] = [];
  try {
    for (const reader = new BinaryReader(bytes); reader.pos < reader.len; ) {
      const start = reader.pos;
      const [field, wireType] = reader.tag();
      if (field !== READS_FIELD || wireType !== WireType.LengthDelimited) return [];
      reader.skip(wireType);
      const payload = bytes.subarray(start, reader.pos);
      const [read] = ReadsRecorded.decode(payload).reads;
      if (read === undefined) return [];
      reads.push({ read, payload });
    }
  } catch {
    return [];
  }
  return reads;
}
