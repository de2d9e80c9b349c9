import type { Agency } from '@lienthong/contracts/directory';
import {
  BusinessKind,
  DeliveryState,
  DeliveryStatus,
  SignatureState,
  SteeringType,
  Urgency,
} from '@lienthong/contracts/routing';
import { ImmutableMap } from '@lienthong/eventlog';
import { uuidv7, vietnamDate } from '@lienthong/kit';
import { agencyBook } from '@lienthong/reference-data';
import type { IssuedDocument, NewDelivery, RoutingDecision } from '../../src/domain/change.ts';
import { type Command, decide, type Reply } from '../../src/domain/command.ts';
import type { DeliveryRecord } from '../../src/domain/delivery-record.ts';
import { type Draft, type RecipientRef, summaryOf, yearOf } from '../../src/domain/document.ts';
import type { RoutingEvent } from '../../src/domain/events.ts';
import type { IssueCommand } from '../../src/domain/issue-command.ts';
import { seriesKey } from '../../src/domain/numbering.ts';
import { evolve, type RoutingState } from '../../src/domain/state.ts';

export function stateWith(...agencies: Agency[]): RoutingState {
  const book = agencyBook();
  for (const one of agencies) book.put(one);
  return {
    agencies: book,
    series: ImmutableMap.from(),
    taken: ImmutableMap.from(),
    documents: new Map(),
    deliveries: ImmutableMap.from(),
    byDocument: new Map(),
    origins: ImmutableMap.from(),
    attachments: new Map(),
  };
}

export const to = (agencyId: string): RecipientRef => ({ agencyId, scheme: '', code: '', asOf: '' });
export const toCode = (code: string, asOf = ''): RecipientRef => ({ agencyId: '', scheme: '', code, asOf });

export const draft = (recipients: readonly RecipientRef[], more: Partial<Draft> = {}): Draft => ({
  number: '',
  notation: 'KH-UBND',
  type: 'KH',
  subject: 'Kế hoạch thực hiện Chương trình hành động số 11-CTr/TU',
  content: '',
  urgency: Urgency.NORMAL,
  deliverBy: undefined,
  place: 'Vĩnh Long',
  promulgatedOn: '2026-01-15',
  signer: undefined,
  steering: SteeringType.NONE,
  dueOn: '',
  tasks: [],
  businessKind: BusinessKind.NEW,
  refersToId: '',
  businessReason: '',
  respondsToId: '',
  attachments: [],
  toPlaces: [],
  appendixes: [],
  pageAmount: 0,
  signatures: [],
  exchange: undefined,
  recipients,
  ...more,
});

/** 08:00 on 15 January 2026 in Vietnam. */
export const NOW = new Date('2026-01-15T01:00:00Z');

export const issue = (callerId: string, given: Draft, now = NOW): IssueCommand => ({
  kind: 'issue',
  callerId,
  officerId: 'văn thư',
  now,
  today: vietnamDate(now),
  documentId: uuidv7(),
  deliveryIds: given.recipients.map(() => uuidv7()),
  draft: given,
  signatureChecks: undefined,
  signaturesRequired: false,
});

/** Decides and replaces the state, as a batch does; a document issued is there for the next command, as for a later batch. */
export function carryOut(state: RoutingState, command: Command): ReturnType<typeof decide> {
  ensureSeries(state, command);
  const decided = decide(command, state);
  if (!decided.ok) return decided;
  const { events, change } = decided.value;
  Object.assign(state, evolve(state, change));
  if (change.issued) Object.assign(state, withIssued(state, events, change.issued, change.sent));
  return decided;
}

/** A series that begins, as loading makes it. */
function ensureSeries(state: RoutingState, command: Command): void {
  if (command.kind !== 'issue' && command.kind !== 'set-series') return;
  const { callerId: issuerId } = command;
  const { year, notation } =
    command.kind === 'issue' ? { year: yearOf(command.draft), notation: command.draft.notation } : command;
  const key = seriesKey({ issuerId, year, notation });
  if (state.series.has(key)) return;
  const record = { id: uuidv7(), version: 0, next: 1, lastDrawn: 0 };
  Object.assign(state, { series: state.series.with([[key, record]]) });
}

function withIssued(
  state: RoutingState,
  events: readonly RoutingEvent[],
  { document, issuerCode }: IssuedDocument,
  sent: readonly NewDelivery[] = [],
): Partial<RoutingState> {
  const issuer = { agencyId: document.issuerId, name: document.issuerName, code: issuerCode };
  const deliveries = sent.map((one): DeliveryRecord => {
    const event = events.find(({ aggregateId }) => aggregateId === one.id);
    return {
      ...one,
      sender: issuer,
      state: DeliveryState.OPEN,
      status: DeliveryStatus.UNSPECIFIED,
      workStatus: DeliveryStatus.UNSPECIFIED,
      pending: undefined,
      sentAt: document.issuedAt as Date,
      statusAt: undefined,
      answeredById: '',
      answeredAt: undefined,
      supersededById: '',
      withdrawn: false,
      signatureState: SignatureState.UNSPECIFIED,
      version: event?.version ?? 0,
    };
  });
  return {
    documents: new Map(state.documents).set(document.id, { issuer, summary: summaryOf(document) }),
    deliveries: state.deliveries.with(deliveries.map((one) => [one.id, one])),
    byDocument: new Map(state.byDocument).set(
      document.id,
      deliveries.map(({ id }) => id),
    ),
  };
}

export function accepted<R extends Reply>(decided: ReturnType<typeof decide>): RoutingDecision<R> {
  if (!decided.ok) throw new Error(`refused: ${JSON.stringify(decided.refusal)}`);
  return decided.value as RoutingDecision<R>;
}

/** `reason field REASON …` of a refusal, or "accepted". */
export function refusalOf(
  decided: ReturnType<typeof decide>,
): { reason: string; violations: string[] } | 'accepted' {
  if (decided.ok) return 'accepted';
  const { reason, violations = [] } = decided.refusal;
  return { reason, violations: violations.map((one) => `${one.field} ${one.reason}`) };
}
