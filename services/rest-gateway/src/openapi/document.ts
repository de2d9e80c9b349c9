import { type Schemas, schemasOf } from '@lienthong/contracts/json-schemas';
import { contentOf, type Form, type Route } from '@lienthong/http-api';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of all methods, from the contracts and their comments. */
export function openApi(descriptors: Uint8Array, routes: ReadonlyMap<string, Route>): Json {
  const schemas = schemasOf(descriptors);
  const all = [...routes.values()];
  const services = [...new Set(all.map(({ method }) => method.parent.typeName))].sort();
  const messages = all.flatMap(({ method, form }) => [
    ...(form === 'upload' ? [] : [method.input.typeName]),
    ...(form === 'download' ? [] : [method.output.typeName]),
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Liên Thông',
      version: '0.1.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: DESCRIPTION,
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, {}],
    tags: services.map((name) => ({ name, ...described(schemas.commentOf(name)) })),
    paths: {
      ...Object.fromEntries(all.map((route) => [route.path, toPath(route, schemas)])),
      '/uploads/{id}': UPLOADED,
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: { problem: PROBLEM },
      schemas: {
        Problem: PROBLEM_SCHEMA,
        ...Object.fromEntries(schemas.reachable(messages).map((name) => [name, schemas.schemaOf(name)])),
      },
    },
  };
}

const DESCRIPTION =
  'The API of the platform as JSON over HTTP, generated from proto/. Every method is a POST to ' +
  '`/package.Service/Method` with its request as JSON. Integers of 64 bits are texts. `Idempotency-Key` is the ' +
  '`requestId` of a request that changes something: the same request sent again gets the first reply.';

const described = (description: string | undefined): Json => (description ? { description } : {});
const ref = (name: string): Json => ({ schema: { $ref: `#/components/schemas/${name}` } });
const header = (name: string, description: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

const IDEMPOTENCY_KEY = header('Idempotency-Key', 'A UUID: the requestId of the request, if it has none.');
const LAST_EVENT_ID = header(
  'Last-Event-ID',
  'The cursor of the last event that was received; goes before cursor.',
);
const UPLOAD_HEADERS = [
  { ...header('Tus-Resumable', 'The version of tus.'), required: true, schema: { const: '1.0.0' } },
  { ...header('Upload-Length', 'The size of the file in bytes.'), required: true },
];

function toPath(route: Route, schemas: Schemas): Json {
  const { method, form } = route;
  const service = method.parent.typeName;
  const takesKey = method.input.fields.some(
    ({ name, message }) =>
      name === 'request_id' ||
      (name === 'header' && message?.fields.some((field) => field.name === 'request_id')),
  );
  const canFollow = form === 'stream' && method.input.fields.some(({ name }) => name === 'cursor');
  const parameters = [
    ...(takesKey ? [IDEMPOTENCY_KEY] : []),
    ...(canFollow ? [LAST_EVENT_ID] : []),
    ...(form === 'upload' ? [...UPLOAD_HEADERS, metadataHeader(route)] : []),
  ];
  return {
    post: {
      tags: [service],
      operationId: `${service}.${method.name}`,
      summary: method.name,
      ...described(schemas.commentOf(`${service}.${method.name}`)),
      ...(parameters.length > 0 && { parameters }),
      requestBody: REQUEST[form](method.input.typeName),
      responses: {
        ...REPLY[form](method.output.typeName),
        default: { $ref: '#/components/responses/problem' },
      },
    },
  };
}

/** The header message of an upload, without the size, which has a header of its own. */
function metadataHeader({ method }: Route): Json {
  const content = contentOf(method.input);
  const message = method.input.fields.find((field) => field !== content)?.message;
  const names = message?.fields.map(({ jsonName }) => jsonName).filter((name) => name !== 'sizeBytes') ?? [];
  return header(
    'Upload-Metadata',
    `Each with its value in base64, with commas between: ${names.join(', ')}.`,
  );
}

const body = (type: string, schema: Json, required = true): Json => ({
  required,
  content: { [type]: schema },
});
const REQUEST: Record<Form, (name: string) => Json> = {
  call: (name) => body('application/json', ref(name)),
  stream: (name) => body('application/json', ref(name)),
  download: (name) => body('application/json', ref(name)),
  lines: (name) => ({ ...body('application/jsonl', ref(name)), description: 'One message on each line.' }),
  upload: () => ({
    ...body('application/offset+octet-stream', {}, false),
    description:
      'The first bytes of the file, or all. The others go to the address in Location by PATCH (tus 1.0).',
  }),
};

const ok = (description: string, content: Json): Json => ({ 200: { description, content } });
const REPLY: Record<Form, (name: string) => Json> = {
  call: (name) => ok('The reply.', { 'application/json': ref(name) }),
  lines: (name) => ok('The reply.', { 'application/json': ref(name) }),
  stream: (name) =>
    ok('Messages as they come.', { 'text/event-stream': ref(name), 'application/jsonl': ref(name) }),
  download: () => ok('The bytes of the file.', { 'application/octet-stream': {} }),
  upload: (name) => ({
    201: {
      description: 'The upload has its address; with the reply when all bytes came along.',
      headers: { Location: { schema: { type: 'string' } }, 'Upload-Offset': { schema: { type: 'integer' } } },
      content: { 'application/json': ref(name) },
    },
  }),
};

const PROBLEM: Json = {
  description: 'Refused; nothing has changed.',
  content: { 'application/problem+json': ref('Problem') },
};
const PROBLEM_SCHEMA: Json = {
  type: 'object',
  description: 'RFC 9457. Programs compare reason.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong and what to do.' },
    code: { type: 'string', description: 'The status of gRPC.' },
    reason: { type: 'string' },
    violations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'description', 'reason'],
        properties: {
          field: { type: 'string', description: 'The place in the request: recipients[3].code' },
          description: { type: 'string' },
          reason: { type: 'string' },
        },
      },
    },
    metadata: { type: 'object', additionalProperties: { type: 'string' } },
    retryAfterMs: { type: 'number' },
  },
};

const problems: Json = { default: { $ref: '#/components/responses/problem' } };
const UPLOADED: Json = {
  parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
  head: {
    summary: 'How many bytes have arrived',
    responses: { 200: { description: 'In Upload-Offset.' }, ...problems },
  },
  patch: {
    summary: 'Goes on with a file',
    parameters: [
      ...UPLOAD_HEADERS.slice(0, 1),
      { ...header('Upload-Offset', 'Where the bytes belong.'), required: true },
    ],
    requestBody: body('application/offset+octet-stream', {}),
    responses: { 204: { description: 'The bytes have arrived.' }, ...problems },
  },
  get: {
    summary: 'The reply of a finished upload',
    responses: { 200: { description: 'As JSON.', content: { 'application/json': {} } }, ...problems },
  },
  delete: { summary: 'Ends an upload', responses: { 204: { description: 'Ended.' }, ...problems } },
};
