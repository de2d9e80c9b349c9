import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { SentSpan } from '../domain/span.ts';
import type { SentResource } from './sent.ts';

type Field = readonly [wire: WireType, read: (reader: BinaryReader) => void];

/** Reads the fields that are given, by their numbers, and skips all others. @throws for what is not a message */
function readMessage(bytes: Uint8Array, fields: Readonly<Record<number, Field>>): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = fields[number];
    if (field !== undefined && field[0] === wire) field[1](reader);
    else reader.skip(wire, number);
  }
}

const message = (read: (bytes: Uint8Array) => void): Field => [
  WireType.LengthDelimited,
  (reader) => read(reader.bytes()),
];
const text = (set: (value: string) => void): Field => [
  WireType.LengthDelimited,
  (reader) => set(reader.string()),
];
const id = (set: (hex: string) => void): Field => message((bytes) => set(Buffer.from(bytes).toString('hex')));
const fixed = (set: (value: bigint) => void): Field => [
  WireType.Bit64,
  (reader) => set(BigInt(reader.fixed64())),
];
const number = (set: (value: number) => void): Field => [WireType.Varint, (reader) => set(reader.int32())];

/** The spans of an ExportTraceServiceRequest (opentelemetry-proto 1.x). @throws for what is not one */
export function readProtobuf(bytes: Uint8Array): SentResource[] {
  const resources: SentResource[] = [];
  readMessage(bytes, { 1: message((one) => resources.push(readResourceSpans(one))) });
  return resources;
}

function readResourceSpans(bytes: Uint8Array): SentResource {
  const attributes: [string, string][] = [];
  const spans: SentSpan[] = [];
  const readScope = (scope: Uint8Array) =>
    readMessage(scope, { 2: message((span) => spans.push(readSpan(span))) });
  readMessage(bytes, {
    1: message((resource) => readMessage(resource, { 1: message((one) => attributes.push(readPair(one))) })),
    2: message(readScope),
  });
  return { service: new Map(attributes).get('service.name') ?? '', spans };
}

function readSpan(bytes: Uint8Array): SentSpan {
  const attributes: [string, string][] = [];
  const links: { traceId: string; spanId: string }[] = [];
  const span = { traceId: '', spanId: '', parentId: '', name: '', kind: 0, startNs: 0n, endNs: 0n };
  let status = 0;
  readMessage(bytes, {
    1: id((hex) => (span.traceId = hex)),
    2: id((hex) => (span.spanId = hex)),
    4: id((hex) => (span.parentId = hex)),
    5: text((name) => (span.name = name)),
    6: number((kind) => (span.kind = kind)),
    7: fixed((ns) => (span.startNs = ns)),
    8: fixed((ns) => (span.endNs = ns)),
    9: message((one) => attributes.push(readPair(one))),
    13: message((one) => links.push(readLink(one))),
    15: message((one) => readMessage(one, { 3: number((code) => (status = code)) })),
  });
  return { ...span, attributes, links, failed: status === STATUS_ERROR };
}

export const STATUS_ERROR = 2;

function readLink(bytes: Uint8Array): { traceId: string; spanId: string } {
  const link = { traceId: '', spanId: '' };
  readMessage(bytes, { 1: id((hex) => (link.traceId = hex)), 2: id((hex) => (link.spanId = hex)) });
  return link;
}

/** A key with its value as text; '' for lists and bytes, which no attribute that is kept has. */
function readPair(bytes: Uint8Array): [key: string, value: string] {
  const pair: [string, string] = ['', ''];
  const readValue = (value: Uint8Array) =>
    readMessage(value, {
      1: text((string) => (pair[1] = string)),
      2: [WireType.Varint, (reader) => (pair[1] = String(reader.bool()))],
      3: [WireType.Varint, (reader) => (pair[1] = String(reader.int64()))],
      4: [WireType.Bit64, (reader) => (pair[1] = String(reader.double()))],
    });
  readMessage(bytes, { 1: text((key) => (pair[0] = key)), 2: message(readValue) });
  return pair;
}

/** An ExportTraceServiceResponse; with a reason when spans were rejected. */
export function writeProtobuf(rejected: number, reason: string): Uint8Array {
  const writer = new BinaryWriter();
  if (rejected > 0) {
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Varint).int64(rejected);
    writer.tag(2, WireType.LengthDelimited).string(reason);
    writer.join();
  }
  return writer.finish();
}
