import { subjectOf } from '@lienthong/contracts/events';

type Json = Record<string, unknown>;
type EventType = Parameters<typeof subjectOf>[1];

/** Each event type with the service that owns its log. */
export type EventSubjects = Readonly<Record<string, { source: string }>>;

/** Headers of an event on NATS: CloudEvents 1.0 in binary mode, and W3C Trace Context. */
export const HEADERS = {
  type: 'object',
  description: 'Characters other than printable ASCII are percent-encoded.',
  required: [
    'ce-specversion',
    'ce-id',
    'ce-source',
    'ce-type',
    'ce-subject',
    'ce-time',
    'ce-aggregateversion',
    'ce-mac',
  ],
  properties: {
    'ce-specversion': { const: '1.0' },
    'ce-id': { type: 'string', format: 'uuid', description: 'The same each time the event is sent.' },
    'ce-source': { type: 'string', examples: ['casework'] },
    'ce-type': { type: 'string', examples: ['lienthong.casework.v1.TaskOpened'] },
    'ce-subject': { type: 'string', description: 'Id of the aggregate.' },
    'ce-time': { type: 'string', format: 'date-time' },
    'ce-aggregateversion': { type: 'string', pattern: '^\\d+$', description: '1, 2, 3 … per aggregate.' },
    'ce-mac': {
      type: 'string',
      description: 'By which services know that the source published just this, here (ADR 28).',
    },
    'content-type': { const: 'application/protobuf' },
    'ce-actoragency': { type: 'string', description: 'Stable id of the agency that acted.' },
    'ce-actorofficer': { type: 'string', description: 'The officer, or the agency’s system.' },
    'ce-agencyid': { type: 'string', description: 'Stable id of the agency whose code ends the subject.' },
    'ce-documentid': { type: 'string' },
    'ce-dossiercode': { type: 'string' },
    traceparent: { type: 'string' },
    'Nats-Expected-Last-Sequence': {
      type: 'string',
      description: 'The event’s position less one: the stream’s sequence number is the position.',
    },
  },
};

/** A channel, an operation and a message for each event's subject. */
export function subjectParts(events: EventSubjects, commentOf: (name: string) => string | undefined) {
  const channels: Record<string, Json> = {};
  const operations: Record<string, Json> = {};
  const messages: Record<string, Json> = {};
  for (const name of Object.keys(events).sort()) {
    const key = `nats.${name}`;
    const title = name.split('.').at(-1);
    channels[key] = {
      address: subjectOf('lt', name as EventType, '{agencyCode}'),
      title: `${title} on NATS`,
      description: `Stream LT_${events[name]?.source.toUpperCase()}, in the order of the service’s log.`,
      servers: [{ $ref: '#/servers/nats' }],
      parameters: { agencyCode: { $ref: '#/components/parameters/agencyCode' } },
      messages: { [name]: { $ref: `#/components/messages/${key}` } },
    };
    operations[key] = {
      action: 'send',
      channel: { $ref: `#/channels/${key}` },
      messages: [{ $ref: `#/channels/${key}/messages/${name}` }],
    };
    const comment = commentOf(name);
    messages[key] = {
      name,
      title,
      ...(comment ? { description: comment } : {}),
      contentType: 'application/protobuf',
      headers: { $ref: '#/components/schemas/EventHeaders' },
      payload: { $ref: `#/components/schemas/${name}` },
    };
  }
  const parameters = {
    agencyCode: {
      description:
        'Code of the agency that the event is about. Its dots separate tokens of the subject, so that ' +
        'lt.*.*.*.H61.29542.> are the events of the bodies below one commune. `_` when the event is of no agency.',
      examples: ['H61.29542', '_'],
    },
  };
  return { channels, operations, messages, parameters };
}
