/**
 * Measures how much faster it is to write and read an event's headers in one pass (docs/adr/0015):
 * `node packages/eventlog/bench/headers.ts`.
 */
import type { JsMsg } from '@nats-io/jetstream';
import { headers, MsgHdrsImpl } from '@nats-io/nats-core';
import { MsgImpl } from '@nats-io/nats-core/internal';
import { headerValues, toMsgHdrs } from '../src/wire/nats-headers.ts';

const COUNT = 50_000;
const ROUNDS = 5;

const fields: readonly [string, string][] = [
  ['Nats-Expected-Last-Sequence', '1234566'],
  ['ce-specversion', '1.0'],
  ['ce-id', '0195a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b'],
  ['ce-source', 'casework'],
  ['ce-type', 'lienthong.casework.v1.TaskClosed'],
  ['ce-subject', '0195a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c'],
  ['ce-time', '2026-01-15T01:00:00.000Z'],
  ['ce-aggregateversion', '17'],
  ['content-type', 'application/protobuf'],
  ['ce-actoragency', '0195a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1d'],
  ['ce-actorofficer', 'mot-cua'],
  ['ce-agencyid', '0195a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1d'],
  ['ce-dossiercode', 'H61.29551-260115-0001'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
];

const bytes = (() => {
  const given = new MsgHdrsImpl();
  for (const [name, value] of fields) given.append(name, value);
  return given.encode();
})();
/** A message as the parser makes it: its headers are decoded when they are first read. */
const message = (): JsMsg => {
  const subject = Buffer.from('lt.casework.dossier.task_closed.H61.29551');
  const inner = new MsgImpl({ hdr: bytes.length, sid: 1, size: bytes.length, subject }, bytes, {
    publish() {},
  } as never);
  return {
    msg: inner,
    get headers() {
      return inner.headers;
    },
  } as unknown as JsMsg;
};

const ways = {
  'write: nats.js': () => {
    const given = headers() as MsgHdrsImpl;
    for (const [name, value] of fields) given.append(name, value);
    return given.encode().length;
  },
  'write: one pass': () => {
    let text = 'NATS/1.0\r\n';
    for (const [name, value] of fields) text += `${name}: ${value}\r\n`;
    return (toMsgHdrs(`${text}\r\n`) as MsgHdrsImpl).encode().length;
  },
  'read: nats.js': () => {
    const given = message().headers;
    let size = 0;
    for (const [name] of fields) size += given?.get(name).length ?? 0;
    return size;
  },
  'read: one pass': () => {
    const values = headerValues(message());
    let size = 0;
    for (const [name] of fields) size += values.get(name)?.length ?? 0;
    return size;
  },
};

const best = new Map<string, number>();
for (let round = 0; round <= ROUNDS; round += 1)
  for (const [name, work] of Object.entries(ways)) {
    const before = process.cpuUsage();
    let sum = 0;
    for (let i = 0; i < COUNT; i += 1) sum += work();
    const { user, system } = process.cpuUsage(before);
    if (sum <= 0) throw new Error(`${name} gave nothing`);
    // The first round warms up.
    if (round > 0)
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, (user + system) / COUNT));
  }
console.log(`${fields.length} headers, µs of processor time an event, best of ${ROUNDS}`);
for (const [name, us] of best) console.log(`${name.padEnd(18)} ${us.toFixed(2).padStart(6)}`);
