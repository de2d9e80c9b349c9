import { z } from 'zod';
import type { SentSpan } from '../domain/span.ts';
import { STATUS_ERROR } from './protobuf.ts';
import type { SentResource } from './sent.ts';

/** Hexadecimal digits, as OTLP/JSON has ids. Some senders write the bytes in base64, as protobuf's JSON would. */
const id = z
  .string()
  .max(64)
  .default('')
  .transform((written) =>
    /^[0-9a-f]*$/i.test(written) ? written.toLowerCase() : Buffer.from(written, 'base64').toString('hex'),
  );
const nanoseconds = z
  .union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative()])
  .default('0')
  .transform((written) => BigInt(written));
/** The number of a value of an enum. Tempo writes its name, as protobuf's JSON does: known by its last word. */
const enumOf = (...words: string[]) =>
  z
    .union([
      z.number().int(),
      z.string().transform((name) => Math.max(0, words.indexOf(name.slice(name.lastIndexOf('_') + 1)))),
    ])
    .default(0);
const kind = enumOf('UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER');
const statusCode = enumOf('UNSET', 'OK', 'ERROR');
const attribute = z
  .object({
    key: z.string().default(''),
    value: z
      .object({
        stringValue: z.string().optional(),
        boolValue: z.boolean().optional(),
        intValue: z.union([z.string(), z.number()]).optional(),
        doubleValue: z.union([z.string(), z.number()]).optional(),
      })
      .default({}),
  })
  .transform(({ key, value: { stringValue, boolValue, intValue, doubleValue } }): [string, string] => [
    key,
    String(stringValue ?? boolValue ?? intValue ?? doubleValue ?? ''),
  ]);
const attributes = z.array(attribute).default([]);

const span = z
  .object({
    traceId: id,
    spanId: id,
    parentSpanId: id,
    name: z.string().default(''),
    kind,
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes,
    links: z.array(z.object({ traceId: id, spanId: id })).default([]),
    status: z.object({ code: statusCode }).default({ code: 0 }),
  })
  .transform(
    ({ parentSpanId, startTimeUnixNano, endTimeUnixNano, status, ...rest }): SentSpan => ({
      ...rest,
      parentId: parentSpanId,
      startNs: startTimeUnixNano,
      endNs: endTimeUnixNano,
      failed: status.code === STATUS_ERROR,
    }),
  );

/** An ExportTraceServiceRequest, or a TracesData, in JSON. */
export const request = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).default({ attributes: [] }),
        scopeSpans: z.array(z.object({ spans: z.array(span).default([]) })).default([]),
      }),
    )
    .default([]),
});

export const toResources = ({ resourceSpans }: z.output<typeof request>): SentResource[] =>
  resourceSpans.map(({ resource, scopeSpans }) => ({
    service: new Map(resource.attributes).get('service.name') ?? '',
    spans: scopeSpans.flatMap(({ spans }) => spans),
  }));

/** The same as `readProtobuf` of an ExportTraceServiceRequest in JSON. @throws for what is not one */
export const readJson = (bytes: Uint8Array): SentResource[] =>
  toResources(request.parse(JSON.parse(Buffer.from(bytes).toString())));
