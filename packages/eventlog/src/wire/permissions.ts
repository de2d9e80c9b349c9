import { type EventSource, eventContracts, subjectOf } from '@lienthong/contracts/events';
import { inboxOf } from '@lienthong/kit';
import { streamName } from './stream.ts';

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
            // Delete and purge, because a stream that lost events can only be filled again from its beginning.
            ...['CREATE', 'DELETE', 'PURGE', 'MSG.GET'].map((call) => `$JS.API.STREAM.${call}.${own}`),
          ]
        : []),
      ...SOURCES.map((each) => streamName(root, each)).flatMap((stream) => [
        `$JS.API.STREAM.INFO.${stream}`,
        `$JS.API.CONSUMER.CREATE.${stream}.>`,
        ...['INFO', 'DELETE', 'MSG.NEXT'].map((call) => `$JS.API.CONSUMER.${call}.${stream}.*`),
      ]),
    ],
    subscribe: [`${inboxOf(service)}.>`],
  };
}

/** What an agency may see live: the events that concern it by its code; with its units also theirs. */
export function agencyPermissions(
  code: string,
  { root, units }: { root: string; units: boolean },
): NatsPermissions {
  const own = subjectOf(root, 'lienthong.directory.v1.AgencyEnded', code).replace(
    /^([^.]+)\.[^.]+\.[^.]+\.[^.]+\./,
    '$1.*.*.*.',
  );
  return { publish: [], subscribe: units ? [own, `${own}.>`] : [own] };
}
