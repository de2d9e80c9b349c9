import { schemasOf } from '@lienthong/contracts/json-schemas';
import { stringify } from 'yaml';
import { type EventSubjects, HEADERS, subjectParts } from './nats.ts';

/** CloudEvents 1.0 attributes, as a webhook's body has them beside `data`. */
const ATTRIBUTES = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'sequence', 'cursor', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', format: 'uuid', description: 'The same each time the event is sent.' },
    source: { type: 'string', examples: ['/lienthong/casework'] },
    type: { type: 'string' },
    subject: { type: 'string', description: 'The aggregate.', examples: ['dossier/<id>'] },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
    sequence: { type: 'string', pattern: '^\\d+$', description: '1, 2, 3 … per subject.' },
    cursor: { type: 'string', description: 'Where to continue in the feed after this event; opaque.' },
    actoragency: { type: 'string', description: 'Stable id of the agency that acted.' },
    actorofficer: { type: 'string', description: 'The officer, or the agency’s system.' },
    dossiercode: { type: 'string' },
    documentid: { type: 'string' },
    resend: { type: 'boolean', description: 'True: it may have been delivered before.' },
  },
};

/**
 * The AsyncAPI 3 document of all events, as YAML: on the feed, by webhook and on NATS.
 * @param descriptors FileDescriptorSet with comments
 * @param events the event messages by their full names
 */
export function asyncApi(descriptors: Uint8Array, events: EventSubjects): string {
  const schemas = schemasOf(descriptors);
  const names = Object.keys(events).sort();
  const nats = subjectParts(events, schemas.commentOf);
  // Only webhooks carry it: a reader of the feed requests what it lacks.
  const pushed = [...names, 'lienthong.feed.v1.EventsLost'].sort();
  const refs = (at: string, of: readonly string[]) =>
    of.map((name) => ({ $ref: `#/${at}/messages/${name}` }));
  const messages = (of: readonly string[]) =>
    Object.fromEntries(of.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Liên Thông: events',
      version: '0.1.0',
      license: { name: 'Apache-2.0' },
      description:
        'Every event, by the three ways it takes: the feed of an agency (gRPC stream), its webhooks, and NATS inside ' +
        'the province. Generated from proto/ by scripts/asyncapi.ts. Payloads are given as proto3 JSON; on the gRPC ' +
        'stream and on NATS they are the same messages in binary form.',
    },
    defaultContentType: 'application/json',
    servers: {
      platform: {
        host: '127.0.0.1:50051',
        protocol: 'grpc',
        description: 'The standalone platform; a province uses its own address.',
      },
      nats: {
        host: '127.0.0.1:4222',
        protocol: 'nats',
        description:
          'NATS JetStream, 2.10 or newer. A client may read the subjects that its NATS user allows.',
      },
    },
    channels: {
      feed: {
        title: 'The gRPC stream',
        address: 'lienthong.feed.v1.FeedService/Follow',
        description: 'FeedEvent: the attributes as fields, the payload as google.protobuf.Any.',
        servers: [{ $ref: '#/servers/platform' }],
        messages: messages(names),
      },
      webhook: {
        title: 'An agency’s own address',
        address: null,
        description: 'HTTP POST of a CloudEvent in structured mode, signed by Standard Webhooks.',
        messages: messages(pushed),
      },
      ...nats.channels,
    },
    operations: {
      followFeed: {
        action: 'send',
        channel: { $ref: '#/channels/feed' },
        summary: 'From a cursor on, then live.',
        messages: refs('channels/feed', names),
      },
      callWebhook: {
        action: 'send',
        channel: { $ref: '#/channels/webhook' },
        summary: 'At least once; the events of one subject in order.',
        messages: refs('channels/webhook', pushed),
      },
      ...nats.operations,
    },
    components: {
      parameters: nats.parameters,
      messages: {
        ...nats.messages,
        ...Object.fromEntries(
          pushed.map((name) => {
            const comment = schemas.commentOf(name);
            return [
              name,
              {
                name,
                title: name.split('.').at(-1),
                ...(comment ? { description: comment } : {}),
                contentType: 'application/cloudevents+json',
                payload: {
                  allOf: [
                    { $ref: '#/components/schemas/CloudEvent' },
                    {
                      type: 'object',
                      properties: { type: { const: name }, data: { $ref: `#/components/schemas/${name}` } },
                    },
                  ],
                },
              },
            ];
          }),
        ),
      },
      schemas: {
        CloudEvent: ATTRIBUTES,
        EventHeaders: HEADERS,
        ...Object.fromEntries(schemas.reachable(pushed).map((name) => [name, schemas.schemaOf(name)])),
      },
    },
  };
  return stringify(document, { lineWidth: 120, aliasDuplicateObjects: false });
}
