import { BinaryWriter } from '@bufbuild/protobuf/wire';
import * as directory from './gen/lienthong/directory/v1/events.ts';
import * as routing from './gen/lienthong/routing/v1/events.ts';

interface Codec<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(bytes: Uint8Array): T;
  fromPartial(message: object): T;
}

interface EventContract<T> {
  codec: Codec<T>;
  /** The service whose log the event belongs to; second token of its subject. */
  source: EventSource;
  /** Third and fourth token of its subject. */
  aggregate: string;
  event: string;
}

export type EventSource = 'directory' | 'routing';

const contract = <T>(
  codec: Codec<T>,
  source: EventSource,
  aggregate: string,
  event: string,
): EventContract<T> => ({
  codec,
  source,
  aggregate,
  event,
});

/** Every event of the platform: its full protobuf name, its codec and its place in the subject space. */
export const eventContracts = {
  'lienthong.directory.v1.AgencyEstablished': contract(
    directory.AgencyEstablished,
    'directory',
    'agency',
    'established',
  ),
  'lienthong.directory.v1.AgencyRenamed': contract(directory.AgencyRenamed, 'directory', 'agency', 'renamed'),
  'lienthong.directory.v1.AgencyMoved': contract(directory.AgencyMoved, 'directory', 'agency', 'moved'),
  'lienthong.directory.v1.AgencyUpdated': contract(directory.AgencyUpdated, 'directory', 'agency', 'updated'),
  'lienthong.directory.v1.AgencyEnded': contract(directory.AgencyEnded, 'directory', 'agency', 'ended'),
  'lienthong.directory.v1.ReorganisationEnacted': contract(
    directory.ReorganisationEnacted,
    'directory',
    'reorganisation',
    'enacted',
  ),
  'lienthong.directory.v1.OfficerAppointed': contract(
    directory.OfficerAppointed,
    'directory',
    'officer',
    'appointed',
  ),
  'lienthong.directory.v1.OfficerRelieved': contract(
    directory.OfficerRelieved,
    'directory',
    'officer',
    'relieved',
  ),
  'lienthong.routing.v1.DocumentIssued': contract(routing.DocumentIssued, 'routing', 'document', 'issued'),
  'lienthong.routing.v1.DeliverySent': contract(routing.DeliverySent, 'routing', 'delivery', 'sent'),
  'lienthong.routing.v1.DeliveryStatusReported': contract(
    routing.DeliveryStatusReported,
    'routing',
    'delivery',
    'status',
  ),
  'lienthong.routing.v1.DeliveryChangeRequested': contract(
    routing.DeliveryChangeRequested,
    'routing',
    'delivery',
    'change_requested',
  ),
  'lienthong.routing.v1.DeliveryChanged': contract(routing.DeliveryChanged, 'routing', 'delivery', 'changed'),
  'lienthong.routing.v1.DeliveryRerouted': contract(
    routing.DeliveryRerouted,
    'routing',
    'delivery',
    'rerouted',
  ),
  'lienthong.routing.v1.DirectiveAnswered': contract(
    routing.DirectiveAnswered,
    'routing',
    'delivery',
    'answered',
  ),
} as const;

export type EventType = keyof typeof eventContracts;
export type EventPayload<T extends EventType> =
  (typeof eventContracts)[T] extends EventContract<infer P> ? P : never;

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventContracts, type);

// One for all: `finish` copies what was written and leaves the grown buffer for the next event.
let writer = new BinaryWriter();

/** @throws when the payload is not a message of this type */
export function encodeEvent<T extends EventType>(type: T, payload: EventPayload<T>): Uint8Array {
  try {
    return (eventContracts[type].codec as unknown as Codec<EventPayload<T>>).encode(payload, writer).finish();
  } catch (error) {
    writer = new BinaryWriter();
    throw error;
  }
}

export function decodeEvent<T extends EventType>(type: T, bytes: Uint8Array): EventPayload<T> {
  return (eventContracts[type].codec as unknown as Codec<EventPayload<T>>).decode(bytes);
}

/**
 * `<root>.<source>.<aggregate>.<event>.<agency code>`: the dots of the code are subject tokens, so that
 * `lt.*.*.*.H61.29542.>` is a commune's slice. An event of no agency ends with `_`.
 */
export function subjectOf(root: string, type: EventType, agencyCode: string): string {
  const { source, aggregate, event } = eventContracts[type];
  return `${root}.${source}.${aggregate}.${event}.${agencyCode === '' ? '_' : agencyCode}`;
}
