import { MessageChannel, Priority } from '@lienthong/contracts/notification';
import { type Clock, type Database, type Logger, type Sealer, uuidv7 } from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { Channel, Endpoint, OutgoingMessage, SendResult } from '../domain/channel.ts';
import { afterBatch, claimable } from '../domain/circuit.ts';
import { withoutContacts } from '../domain/masking.ts';
import { messageKey } from '../domain/message-key.ts';
import { RecipientKind } from '../domain/recipients.ts';
import { withReason } from '../domain/sealed-reason.ts';
import { languageTag } from '../domain/template-key.ts';
import type { Templates } from '../domain/templates.ts';
import { openingAt } from '../domain/times.ts';
import { CHANNEL_KEYS, type KnownChannel } from '../domain/topics.ts';
import { markUnreachable } from '../mark-unreachable.ts';
import { countAttempt } from '../metrics.ts';
import type { Planner } from '../plan-messages.ts';
import { lockCircuit, saveCircuit } from '../store/circuits.ts';
import {
  type AttemptRecord,
  type ClaimedRow,
  claimDue,
  deleteAttempts,
  recordAttempts,
} from '../store/claim-and-record.ts';
import { type OpenedContact, readContacts } from '../store/contacts.ts';
import { readEndpoints } from '../store/endpoints.ts';
import type { Subscription } from '../unsubscribe/token.ts';
import { type MessageAttempt, toAttemptRecord, toPostponedRecord } from './attempt-record.ts';
import { collectDigests } from './collect-digests.ts';

export interface SenderDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  channel: Channel & { readonly kind: KnownChannel };
  templates: Templates;
  reference: ReferenceCache;
  planner: Planner;
  sealer: Sealer;
  batch: number;
  leaseSeconds: number;
  /** The address at which a recipient ends mails; undefined: there is none. */
  unsubscribeUrl?: ((subscription: Subscription) => string) | undefined;
  /** From [0, 1). */
  random?: () => number;
}

/** A message that can be sent, or why it cannot. */
type PreparedMessage =
  | { row: ClaimedRow; message: OutgoingMessage; templateVersion: number }
  | { row: ClaimedRow; kind: 'retry' | 'refused'; answer: string; cause: string };

/** The addresses of a batch. */
interface Destinations {
  contacts: ReadonlyMap<string, OpenedContact>;
  /** By agency; undefined: no sealing key opens it. */
  endpoints: ReadonlyMap<string, Endpoint | undefined>;
}

/** A message with its result, which may be that no attempt was made. */
type SentMessage = Omit<MessageAttempt, 'result'> & { result: SendResult };

/**
 * Sends what is due on one channel, a batch at a time; resolves to how many messages were claimed. Any number of senders
 * may run, in any number of processes. A message is sent at least once: a process that dies before it records the result
 * leaves a message that is sent again under the same id.
 */
export function createSender(deps: SenderDeps): () => Promise<number> {
  const { db, clock, log, channel, templates, reference, planner, sealer, batch, leaseSeconds } = deps;
  const random = deps.random ?? Math.random;
  const { kind } = channel;
  const name = CHANNEL_KEYS[kind];

  async function claim(lease: string): Promise<readonly ClaimedRow[]> {
    return db.transaction(async (tx) => {
      const now = clock.now();
      const [circuit] = await Promise.all([
        lockCircuit(tx, kind),
        templates.refresh(tx),
        reference.refresh(tx),
      ]);
      await collectDigests(tx, kind, templates, now);
      const { count, circuit: after } = claimable(circuit, now, batch, leaseSeconds * 1000);
      if (count === 0) return [];
      const rows = await claimDue(tx, { channel: kind, now, limit: count, leaseSeconds, lease });
      if (rows.length > 0 && after !== circuit) saveCircuit(tx, kind, after);
      return rows;
    });
  }

  /** When the office opens, for a message that was due in office hours and that a backlog or an outage delayed. */
  const quietUntil = (row: ClaimedRow, now: Date): Date | undefined => {
    if (!row.quiet || row.priority === Priority.URGENT) return undefined;
    const opening = openingAt(reference.calendars.of(row.agency_id ?? ''), now);
    return opening > now ? opening : undefined;
  };

  function prepare(row: ClaimedRow, { contacts, endpoints }: Destinations): PreparedMessage {
    const to = addressOf(row, kind, contacts);
    const agencyId = row.agency_id ?? '';
    const endpoint = endpoints.get(agencyId);
    if (to === undefined || (endpoint === undefined && endpoints.has(agencyId)))
      return { row, kind: 'retry', answer: 'no sealing key opens the address', cause: 'ADDRESS_SEALED' };
    if (to === '') return { row, kind: 'refused', answer: 'the address was removed', cause: 'NO_ADDRESS' };
    if (kind === MessageChannel.EMAIL && contacts.get(row.recipient_id)?.emailFailedAt)
      return {
        row,
        kind: 'refused',
        answer: 'mails to the address do not arrive',
        cause: 'ADDRESS_UNREACHABLE',
      };
    try {
      const values = withReason(row.content, row.recipient_id, sealer);
      const { title, body, version } = templates.render(row.template_key, values);
      const id = messageKey(row.id, row.round);
      const language = languageTag(row.language);
      const unsubscribeUrl = unsubscribeUrlOf(row);
      const message = { id, to, title, body, language, endpoint, unsubscribeUrl };
      return { row, templateVersion: version, message };
    } catch (err) {
      log.error({ err, notification: row.id, template: row.template_key }, 'template failed');
      const answer = `the template ${row.template_key} cannot be filled in`;
      return { row, kind: 'refused', answer, cause: 'TEMPLATE_FAILED' };
    }
  }

  function unsubscribeUrlOf({ recipient_kind, recipient_id: id, topic }: ClaimedRow): string | undefined {
    if (kind !== MessageChannel.EMAIL || recipient_kind === RecipientKind.AGENCY) return undefined;
    return deps.unsubscribeUrl?.({ kind: recipient_kind, id, topic });
  }

  async function send(prepared: readonly PreparedMessage[]): Promise<SentMessage[]> {
    const ready = prepared.flatMap((one) => ('message' in one ? [one] : []));
    const started = performance.now();
    // Ends before the lease does, so that no other sender sends the same message meanwhile.
    const signal = AbortSignal.timeout(leaseSeconds * 800);
    const messages = ready.map(({ message }) => message);
    const results = messages.length === 0 ? [] : await channel.send(messages, signal);
    const durationMs = Math.round(performance.now() - started);
    const unsendable = prepared.flatMap((one): SentMessage[] => {
      if ('message' in one) return [];
      const { row, ...result } = one;
      return [{ row, result, templateVersion: 0, durationMs: 0 }];
    });
    const sent = ready.map(({ row, message, templateVersion }, i): SentMessage => {
      const result = results[i] ?? { kind: 'untried', afterMs: 0 };
      return { row, templateVersion, durationMs, result: withoutAddress(result, message.to) };
    });
    return [...unsendable, ...sent];
  }

  async function record(
    lease: string,
    postponed: readonly AttemptRecord[],
    attempted: readonly MessageAttempt[],
    sentAt: Date,
  ): Promise<void> {
    const now = clock.now();
    const unavailable = attempted.filter(({ result }) => result.kind === 'unavailable');
    const counts = { unavailable: unavailable.length, answered: attempted.length - unavailable.length };
    await db.transaction(async (tx) => {
      const circuit = await lockCircuit(tx, kind);
      const after = afterBatch(circuit, counts, now, batch, random());
      saveCircuit(tx, kind, after);
      recordAttempts(tx, lease, [
        ...postponed,
        ...attempted.map((one) => toAttemptRecord(one, now, random())),
      ]);
      deleteAttempts(
        tx,
        postponed.map(({ id, attempts }) => ({ id, number: attempts + 1 })),
      );
      for (const { row, result } of attempted) {
        if (result.kind !== 'refused' || !result.isUnreachable) continue;
        const mail = { notificationId: row.id, kind: row.recipient_kind, id: row.recipient_id, sentAt };
        await markUnreachable(tx, { planner, sealer }, mail, now);
      }
      if (after.failures > circuit.failures)
        log.warn(
          {
            channel: name,
            cause: causeOf(unavailable[0]),
            until: after.openUntil,
            failures: after.failures,
          },
          'provider unavailable',
        );
    });
    for (const { result } of attempted) countAttempt(name, result);
    reportFailures(attempted);
  }

  /** One line for each cause in a batch: a provider that refuses a thousand messages does not fill the log. */
  function reportFailures(attempted: readonly MessageAttempt[]): void {
    const failed = attempted.filter(({ result }) => result.kind === 'retry' || result.kind === 'refused');
    for (const [cause, all] of Map.groupBy(failed, causeOf))
      log.warn({ channel: name, cause, messages: all.length }, 'messages not sent');
  }

  return async () => {
    const lease = uuidv7();
    const rows = await claim(lease);
    if (rows.length === 0) return 0;
    const now = clock.now();
    const [due, postponed] = [[] as ClaimedRow[], [] as AttemptRecord[]];
    for (const row of rows) {
      const at = quietUntil(row, now);
      if (at) postponed.push(toPostponedRecord(row, at));
      else due.push(row);
    }
    const destinations = await readDestinations(due);
    const attempted: MessageAttempt[] = [];
    for (const { row, result, ...rest } of await send(due.map((one) => prepare(one, destinations))))
      if (result.kind === 'untried')
        postponed.push(toPostponedRecord(row, new Date(now.getTime() + result.afterMs)));
      else attempted.push({ row, result, ...rest });
    await record(lease, postponed, attempted, now);
    return rows.length;
  };

  async function readDestinations(rows: readonly ClaimedRow[]): Promise<Destinations> {
    if (kind === MessageChannel.WEBHOOK) {
      const agencies = [...new Set(rows.flatMap((row) => row.agency_id ?? []))];
      return { contacts: new Map(), endpoints: await readEndpoints(db, sealer, agencies) };
    }
    const idsOf = (recipients: RecipientKind) =>
      rows.filter((row) => row.recipient_kind === recipients).map((row) => row.recipient_id);
    const [officers, citizens] = await Promise.all([
      readContacts(db, sealer, RecipientKind.OFFICER, idsOf(RecipientKind.OFFICER)),
      readContacts(db, sealer, RecipientKind.CITIZEN, idsOf(RecipientKind.CITIZEN)),
    ]);
    return { contacts: new Map([...officers, ...citizens]), endpoints: new Map() };
  }
}

/** For a webhook the recipient's id: its receiver knows the address. Undefined: no sealing key opens it. */
function addressOf(
  { recipient_id: id }: ClaimedRow,
  kind: KnownChannel,
  contacts: ReadonlyMap<string, OpenedContact>,
): string | undefined {
  if (kind === MessageChannel.WEBHOOK) return id;
  const contact = contacts.get(id);
  if (contact === undefined) return '';
  return kind === MessageChannel.SMS ? contact.phone : contact.email;
}

const withoutAddress = (result: SendResult, to: string): SendResult =>
  result.kind === 'untried' ? result : { ...result, answer: withoutContacts(result.answer, to) };

const causeOf = (one: MessageAttempt | undefined): string =>
  one === undefined || one.result.kind === 'sent' ? '' : one.result.cause;
