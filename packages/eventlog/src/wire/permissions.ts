import { type EventSource, eventContracts } from '@lienthong/contracts/events';
import { inboxOf } from '@lienthong/kit';
import { noteStream, noteSubject } from './note.ts';
import { SLICE_STREAM, sliceInbox, sliceSubjects } from './slice.ts';
import { streamName } from './stream.ts';
import { wakeUpSubject } from './wake-up.ts';

/** The subjects that a user of NATS may publish to and subscribe to; all others are refused. */
export interface NatsPermissions {
  publish: readonly string[];
  subscribe: readonly string[];
}

const SOURCES = [...new Set(Object.values(eventContracts).map(({ source }) => source))];

/**
 * What a service needs: it publishes its own events, makes its own stream (again, when it was lost), and reads every
 * stream through consumers that live only while it reads.
 */
export function servicePermissions(
  service: string,
  source: EventSource | undefined,
  root: string,
): NatsPermissions {
  const own = source && streamName(root, source);
  return {
    publish: [
      ...(own
        ? [
            `${root}.${source}.>`,
            wakeUpSubject(root, source as EventSource),
            // Delete and purge, because a stream that lost events can only be filled again from its beginning.
            ...['CREATE', 'DELETE', 'PURGE', 'MSG.GET'].map((call) => `$JS.API.STREAM.${call}.${own}`),
          ]
        : []),
      ...SOURCES.map((each) => streamName(root, each)).flatMap((stream) => [
        `$JS.API.STREAM.INFO.${stream}`,
        ...consumerCalls(stream),
      ]),
      ...(source === 'feed' ? [...SLICE_WRITER.publish(root), ...noteCalls(root, source)] : []),
    ],
    subscribe: [
      `${inboxOf(service)}.>`,
      ...(source ? [wakeUpSubject(root, source)] : []),
      ...(source === 'feed' ? SLICE_WRITER.subscribe : []),
    ],
  };
}

const consumerCalls = (stream: string): string[] => [
  `$JS.API.CONSUMER.CREATE.${stream}.>`,
  ...['INFO', 'DELETE', 'MSG.NEXT'].map((call) => `$JS.API.CONSUMER.${call}.${stream}.*`),
];

/** The feed alone keeps a note. It cannot delete it. */
const noteCalls = (root: string, source: EventSource): string[] => [
  noteSubject(root, source),
  ...['CREATE', 'MSG.GET'].map((call) => `$JS.API.STREAM.${call}.${noteStream(root, source)}`),
];

/** The feed fills the slices of all agencies, each in the JetStream of its leaf node. */
const SLICE_WRITER = {
  publish: (root: string) => [
    sliceSubjects(root, '*'),
    ...['INFO', 'CREATE', 'MSG.GET'].map((call) => `$JS.*.API.STREAM.${call}.${SLICE_STREAM}`),
  ],
  subscribe: [`${sliceInbox('*')}.>`],
};

/**
 * What a leaf node's line to the hub carries: to the leaf its agency's slice and calls of its JetStream, to the hub the
 * replies. The hub closes the line of a leaf that sends or requests anything else.
 */
export const leafPermissions = (agencyId: string, root: string): NatsPermissions => ({
  publish: [`${sliceInbox(agencyId)}.>`],
  subscribe: [sliceSubjects(root, agencyId), `$JS.${agencyId}.API.>`],
});

/** What a system of the agency may do on its leaf node: read the slice, with consumers that the leaf remembers. */
export const sliceReaderPermissions = (reader: string, agencyId: string, root: string): NatsPermissions => ({
  publish: [
    '$JS.API.INFO',
    '$JS.API.STREAM.NAMES',
    `$JS.API.STREAM.INFO.${SLICE_STREAM}`,
    ...consumerCalls(SLICE_STREAM),
    `$JS.API.CONSUMER.DURABLE.CREATE.${SLICE_STREAM}.*`,
    `$JS.ACK.${SLICE_STREAM}.>`,
  ],
  subscribe: [`${inboxOf(reader)}.>`, sliceSubjects(root, agencyId)],
});
