import {
  GetStatusResponse,
  type ParkedEvent as Parked,
  ParkedEvent,
  ReplayParkedEventsResponse,
} from '@lienthong/contracts/operations';
import { take, type Work } from '../command.ts';
import { Exit } from '../failure.ts';
import { formatTable } from '../output/table.ts';
import { timeText } from '../output/words.ts';

const streamWord = ({ streamUnreachable }: { streamUnreachable: boolean }): string =>
  streamUnreachable ? 'NATS does not answer' : '';

/** Ends with 1 when a log halts, NATS does not answer or events are parked, so that a script sees it. */
export async function status({ client, out }: Work<object>): Promise<Exit> {
  const reply = await client.operations.getStatus({});
  const { services, logs, consumers } = reply;
  out.one(GetStatusResponse.toJSON(reply), () => [
    formatTable(
      [
        { title: 'service', of: ({ service }) => service },
        { title: 'version', of: ({ version }) => version },
        { title: 'started', of: ({ startedAt }) => timeText(startedAt) },
        { title: 'certificate expires', of: ({ certificateExpiresAt }) => timeText(certificateExpiresAt) },
      ],
      services,
    ),
    '',
    formatTable(
      [
        { title: 'log', of: ({ source }) => source },
        { title: 'committed', of: ({ sequenced }) => String(sequenced) },
        { title: 'published', of: ({ published }) => String(published) },
        { title: 'leader', of: ({ leader }) => (leader ? 'yes' : 'no') },
        { title: 'halted', of: ({ halted }) => halted },
        { title: 'stream', of: streamWord },
      ],
      logs,
    ),
    '',
    formatTable(
      [
        { title: 'service', of: ({ service }) => service },
        { title: 'consumer', of: ({ name }) => name },
        { title: 'source', of: ({ source }) => source },
        { title: 'cursor', of: ({ cursor }) => String(cursor) },
        { title: 'lag', of: ({ lag }) => String(lag) },
        { title: 'parked', of: ({ parked }) => String(parked) },
        { title: 'stream', of: streamWord },
      ],
      consumers,
    ),
  ]);
  const isWell =
    logs.every(({ halted, streamUnreachable }) => halted === '' && !streamUnreachable) &&
    consumers.every(({ parked }) => parked === 0n);
  return isWell ? Exit.DONE : Exit.REFUSED;
}

export async function parked({ client, out, options, args }: Work<{ limit: number }>): Promise<void> {
  const [service, consumer] = args;
  const { consumers } = await client.operations.getStatus({});
  const events: Parked[] = [];
  for (const one of consumers) {
    const isOther = (service ?? one.service) !== one.service || (consumer ?? one.name) !== one.name;
    if (isOther || one.parked === 0n) continue;
    const listed = client.parkedEvents({ service: one.service, consumer: one.name });
    events.push(...(await take(listed, options.limit)));
  }
  out.list(
    events,
    [
      { title: 'service', of: (one) => one.service },
      { title: 'consumer', of: (one) => one.consumer },
      { title: 'position', of: ({ position }) => String(position) },
      { title: 'type', of: ({ type }) => type.replace('lienthong.', '') },
      { title: 'aggregate', of: ({ aggregateId }) => aggregateId },
      { title: 'since', of: ({ parkedAt }) => timeText(parkedAt) },
      { title: 'error', of: ({ error }) => error, cut: true },
    ],
    (one) => ParkedEvent.toJSON(one),
  );
}

/** Ends with 1 when some are still parked. */
export async function replay({ client, out, options, args }: Work<{ aggregate?: string }>): Promise<Exit> {
  const [service = '', consumer = ''] = args;
  const reply = await client.operations.replayParkedEvents({
    service,
    consumer,
    aggregateId: options.aggregate ?? '',
  });
  out.one(ReplayParkedEventsResponse.toJSON(reply), () => [
    `replayed ${reply.replayed}, still parked ${reply.stillParked}`,
  ]);
  return reply.stillParked === 0n ? Exit.DONE : Exit.REFUSED;
}
