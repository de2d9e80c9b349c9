import { type Tx, uuidv7 } from '@lienthong/kit';
import { templateKey } from '../domain/template-key.ts';
import type { Templates } from '../domain/templates.ts';
import { DIGEST_TOPIC, type KnownChannel } from '../domain/topics.ts';
import {
  type DigestRow,
  insertDigests,
  lockDueDigests,
  type NewDigest,
  sendAlone,
} from '../store/digests.ts';

const MAX_PEOPLE = 500;
/** Lines of one digest; the application shows the other messages. */
const MOST_LINES = 100;

/** Makes one message of the messages that each person's due digest collects; the caller holds the channel's lock. */
export async function collectDigests(
  tx: Tx,
  channel: KnownChannel,
  templates: Templates,
  now: Date,
): Promise<void> {
  const rows = await lockDueDigests(tx, channel, now, MAX_PEOPLE);
  if (rows.length === 0) return;
  const people = Map.groupBy(rows, (row) => `${row.recipient_kind} ${row.recipient_id}`);
  const alone: string[] = [];
  const digests: NewDigest[] = [];
  for (const of of people.values()) {
    const last = of.at(-1) as DigestRow;
    if (of.length === 1) alone.push(last.id);
    else
      digests.push({
        id: uuidv7(),
        of,
        content: { count: of.length, lines: linesOf(of, templates) },
        templateKey: templateKey(DIGEST_TOPIC, channel, last.language),
      });
  }
  sendAlone(tx, alone);
  insertDigests(tx, channel, digests, now);
}

const linesOf = (rows: readonly DigestRow[], templates: Templates): string => {
  const lines = rows
    .slice(0, MOST_LINES)
    .map((row) => `- ${templates.render(row.template_key, row.content).title}`);
  return [...lines, ...(rows.length > MOST_LINES ? ['- …'] : [])].join('\n');
};
