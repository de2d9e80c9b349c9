import { stringify } from 'yaml';
import { schemasOf } from './schemas.ts';

/** CloudEvents 1.0 attributes, as a webhook's body has them beside `data`. */
const ATTRIBUTES = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'sequence', 'cursor', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', format: 'uuid', description: 'The same however often the event is sent.' },
    source: { type: 'string', examples: ['/lienthong/casework'] },
    type: { type: 'string' },
    subject: { type: 'string', description: 'The aggregate.', examples: ['dossier/<id>'] },
    time: { type: 'string', format: 'date-time' },
    datacontenttype: { const: 'application/json' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
    sequence: { type: 'string', pattern: '^\\d+$', description: '1, 2, 3 … per subject.' },
    cursor: { type: 'string', description: 'Where to go on in the feed after this event; opaque.' },
    actoragency: { type: 'string', description: 'Stable id of the agency that acted.' },
    actorofficer: { type: 'string', description: 'The officer, or the agency’s system.' },
    dossiercode: { type: 'string' },
    documentid: { type: 'string' },
    resend: { type: 'boolean', description: 'True: it may have been delivered before.' },
  },
};

/**
 * The AsyncAPI 3 document of the feed, as YAML.
 * @param descriptors FileDescriptorSet with comments
 * @param types full names of the event messages
 */
export function asyncApi(descriptors: Uint8Array, types: readonly string[]): string {
  const schemas = schemasOf(descriptors);
  const names = [...types].sort();
  // Said by webhooks alone: who follows asks for what is missing.
  const pushed = [...types, 'lienthong.feed.v1.EventsLost'].sort();
  const refs = (at: string, of: readonly string[]) =>
    of.map((name) => ({ $ref: `#/${at}/messages/${name}` }));
  const messages = (of: readonly string[]) =>
    Object.fromEntries(of.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Liên Thông: the feed',
      version: '0.1.0',
      license: { name: 'Apache-2.0' },
      description:
        'Everything that concerns an agency, in order. Generated from proto/ by scripts/asyncapi.ts. ' +
        'Payloads are given as proto3 JSON; on the gRPC stream they are the same messages in binary form.',
    },
    defaultContentType: 'application/json',
    servers: {
      platform: {
        host: '127.0.0.1:50051',
        protocol: 'grpc',
        description: 'The standalone platform; a province’s own address in its place.',
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
    },
    components: {
      messages: Object.fromEntries(
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
      schemas: {
        CloudEvent: ATTRIBUTES,
        ...Object.fromEntries(schemas.reachable(pushed).map((name) => [name, schemas.schemaOf(name)])),
      },
    },
  };
  return stringify(document, { lineWidth: 120, aliasDuplicateObjects: false });
}
