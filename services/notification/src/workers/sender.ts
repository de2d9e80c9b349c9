import { MessageChannel, NotificationState, Priority } from '@lienthong/contracts/notification';
import { type Clock, type Database, type Logger, type Sealer, uuidv7 } from '@lienthong/kit';
import type { ReferenceCache } from '@lienthong/reference-data';
import type { Channel, Endpoint, Outgoing, Sent } from '../domain/channel.ts';
import { afterBatch, claimable } from '../domain/circuit.ts';
import { withoutContacts } from '../domain/masking.ts';
import { messageKey } from '../domain/message-key.ts';
import { RecipientKind } from '../domain/recipients.ts';
import { MOST_FAILURES, nextTry } from '../domain/retry.ts';
import { languageTag } from '../domain/template-key.ts';
import type { Templates } from '../domain/templates.ts';
import { openingAt } from '../domain/times.ts';
import type { KnownChannel } from '../domain/topics.ts';
import { lockCircuit, saveCircuit } from '../store/circuits.ts';
import { type OpenedContact, readContacts } from '../store/contacts.ts';
import { readEndpoints } from '../store/endpoints.ts';
import { type ClaimedRow, claimDue, forgetAttempts, type Settled, settle } from '../store/sending.ts';
import { collectDigests } from './digests.ts';

export interface SenderParts {
  db: Database;
  clock: Clock;
  log: Logger;
  channel: Channel & { readonly kind: KnownChannel };
  templates: Templates;
  reference: ReferenceCache;
  sealer: Sealer;
  batch: number;
  leaseSeconds: number;
  /** From 0 to 1. */
  chance?: () => number;
}

/** A message with what it needs to be sent, or why it cannot be. */
type Prepared =
  | { row: ClaimedRow; out: Outgoing; version: number }
  | { row: ClaimedRow; outcome: 'retry' | 'refused'; problem: string };
interface Whither {
  contacts: ReadonlyMap<string, OpenedContact>;
  /** By agency. */
  endpoints: ReadonlyMap<string, Endpoint | undefined>;
}
type Answered = { row: ClaimedRow; sent: Sent; version: number; durationMs: number };

/**
 * Sends what is due on one channel, a batch at a time; resolves to how many messages were taken on. Any number of
 * senders may run, in any number of processes. A message is sent at least once: again, under the same id, when the
 * process dies before it has written down what became of it.
 */
export function createSender(parts: SenderParts): () => Promise<number> {
  const { db, clock, log, channel, templates, reference, sealer, batch, leaseSeconds } = parts;
  const chance = parts.chance ?? Math.random;
  const { kind } = channel;

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

  /** Due in office hours, but a backlog or an outage has made it night. */
  const putOff = (row: ClaimedRow, now: Date): Date | undefined => {
    if (!row.quiet || row.priority === Priority.URGENT) return undefined;
    const opening = openingAt(reference.calendars.of(row.agency_id ?? ''), now);
    return opening > now ? opening : undefined;
  };

  function prepare(row: ClaimedRow, { contacts, endpoints }: Whither): Prepared {
    const to = addressOf(row, kind, contacts);
    const agencyId = row.agency_id ?? '';
    const endpoint = endpoints.get(agencyId);
    if (to === undefined || (endpoint === undefined && endpoints.has(agencyId)))
      return { row, outcome: 'retry', problem: 'none of the sealing keys opens the address' };
    if (to === '') return { row, outcome: 'refused', problem: 'there is no address any more' };
    try {
      const { title, body, version } = templates.render(row.template_key, row.content);
      const id = messageKey(row.id, row.round);
      return {
        row,
        version,
        out: { id, to, title, body, language: languageTag(row.language), endpoint },
      };
    } catch (err) {
      log.error({ err, notification: row.id, template: row.template_key }, 'a message cannot be written');
      return { row, outcome: 'refused', problem: `the template ${row.template_key} cannot be filled in` };
    }
  }

  async function send(prepared: readonly Prepared[]): Promise<Answered[]> {
    const ready = prepared.flatMap((one) => ('out' in one ? [one] : []));
    const began = performance.now();
    // Before the lease ends, so that nobody else sends the same meanwhile.
    const signal = AbortSignal.timeout(leaseSeconds * 800);
    const sent =
      ready.length === 0
        ? []
        : await channel.send(
            ready.map(({ out }) => out),
            signal,
          );
    const durationMs = Math.round(performance.now() - began);
    const broken = prepared.flatMap((one): Answered[] =>
      'problem' in one
        ? [{ row: one.row, sent: { outcome: one.outcome, answer: one.problem }, version: 0, durationMs: 0 }]
        : [],
    );
    const answered = ready.map(({ row, out, version }, i): Answered => {
      const { answer, ...outcome } = sent[i] ?? { outcome: 'retry', answer: 'the channel gave no answer' };
      return {
        row,
        version,
        durationMs,
        sent: { ...outcome, answer: withoutContacts(answer, out.to) } as Sent,
      };
    });
    return [...broken, ...answered];
  }

  async function keep(lease: string, put: readonly Settled[], answered: readonly Answered[]): Promise<void> {
    const now = clock.now();
    const unavailable = answered.filter(({ sent }) => sent.outcome === 'unavailable').length;
    const met = { unavailable, answered: answered.length - unavailable };
    await db.transaction(async (tx) => {
      const circuit = await lockCircuit(tx, kind);
      const after = afterBatch(circuit, met, now, batch, chance());
      saveCircuit(tx, kind, after);
      settle(tx, lease, [...put, ...answered.map((one) => settledOf(one, now, chance()))]);
      forgetAttempts(
        tx,
        put.map(({ id, tries }) => ({ id, number: tries + 1 })),
      );
      if (after.failures > circuit.failures)
        log.warn(
          { channel: kind, until: after.openUntil, failures: after.failures },
          'provider not available',
        );
    });
  }

  return async () => {
    const lease = uuidv7();
    const rows = await claim(lease);
    if (rows.length === 0) return 0;
    const now = clock.now();
    const later = rows.flatMap((row) => {
      const at = putOff(row, now);
      return at ? [{ row, at }] : [];
    });
    const postponed = new Set(later.map(({ row }) => row.id));
    const today = rows.filter((row) => !postponed.has(row.id));
    const whither = await readWhither(today);
    const answered = await send(today.map((row) => prepare(row, whither)));
    const untried = answered.flatMap(({ row, sent }) =>
      sent.outcome === 'untried' ? [{ row, at: new Date(now.getTime() + sent.afterMs) }] : [],
    );
    await keep(
      lease,
      [...later, ...untried].map(({ row, at }) => postponedOf(row, at)),
      answered.filter(({ sent }) => sent.outcome !== 'untried'),
    );
    return rows.length;
  };

  async function readWhither(rows: readonly ClaimedRow[]): Promise<Whither> {
    if (kind === MessageChannel.WEBHOOK) {
      const agencies = [...new Set(rows.flatMap((row) => row.agency_id ?? []))];
      return { contacts: new Map(), endpoints: await readEndpoints(db, sealer, agencies) };
    }
    const idsOf = (kindOf: RecipientKind) =>
      rows.filter((row) => row.recipient_kind === kindOf).map((row) => row.recipient_id);
    const [officers, citizens] = await Promise.all([
      readContacts(db, sealer, RecipientKind.OFFICER, idsOf(RecipientKind.OFFICER)),
      readContacts(db, sealer, RecipientKind.CITIZEN, idsOf(RecipientKind.CITIZEN)),
    ]);
    return { contacts: new Map([...officers, ...citizens]), endpoints: new Map() };
  }
}

/** To a webhook, who is meant; it knows its own address. Undefined: no sealing key opens it. */
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

const postponedOf = (row: ClaimedRow, at: Date): Settled => ({
  id: row.id,
  number: 0,
  tries: row.tries - 1,
  state: NotificationState.PENDING,
  failures: row.failures,
  nextAt: at,
  durationMs: 0,
  answer: '',
  providerId: null,
  templateVersion: 0,
});

function settledOf({ row, sent, version, durationMs }: Answered, now: Date, chance: number): Settled {
  const base = {
    id: row.id,
    number: row.tries,
    tries: row.tries,
    failures: row.failures,
    nextAt: null,
    durationMs,
    answer: sent.answer,
    providerId: null,
    templateVersion: version,
  };
  switch (sent.outcome) {
    case 'sent':
      return { ...base, state: NotificationState.SENT, providerId: sent.providerId ?? null };
    case 'refused':
      return { ...base, state: NotificationState.FAILED };
    // Says nothing about the message: it stays due, and the circuit says when the next try is.
    case 'untried':
    case 'unavailable':
      return { ...base, state: NotificationState.PENDING };
    case 'retry': {
      const failures = row.failures + 1;
      if (failures >= MOST_FAILURES) return { ...base, failures, state: NotificationState.FAILED };
      const nextAt = nextTry(failures, now, chance, sent.retryAfterMs);
      return { ...base, failures, nextAt, state: NotificationState.PENDING };
    }
  }
}
