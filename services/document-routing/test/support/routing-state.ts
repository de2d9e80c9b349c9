import type { Agency } from '@lienthong/contracts/directory';
import {
  BusinessKind,
  type Delivery,
  type Document,
  type Party,
  SteeringType,
  Urgency,
} from '@lienthong/contracts/routing';
import { uuidv7, vietnamDate } from '@lienthong/kit';
import { agencyBook } from '@lienthong/reference-data';
import { type Command, decide, type Reply, type RoutingDecision } from '../../src/domain/command.ts';
import { type Draft, type RecipientRef, summaryOf } from '../../src/domain/document.ts';
import type { RoutingEventOf } from '../../src/domain/events.ts';
import type { IssueCommand } from '../../src/domain/issue.ts';
import { addDelivery, evolve, type RoutingState } from '../../src/domain/state.ts';

export function stateWith(...agencies: Agency[]): RoutingState {
  const book = agencyBook();
  for (const one of agencies) book.put(one);
  return {
    agencies: book,
    next: new Map(),
    taken: new Set(),
    documents: new Map(),
    deliveries: new Map(),
    byDocument: new Map(),
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
});

/** Decides and moves the state on, as a batch does; what it issues is there for the next, as for a later batch. */
export function carryOut(state: RoutingState, command: Command): ReturnType<typeof decide> {
  const decided = decide(command, state);
  if (!decided.ok) return decided;
  evolve(state, decided.value.change);
  for (const event of decided.value.events) {
    if (event.type === 'lienthong.routing.v1.DocumentIssued') addDocument(state, event);
    if (event.type === 'lienthong.routing.v1.DeliverySent') addSent(state, event);
  }
  return decided;
}

function addDocument(
  state: RoutingState,
  event: RoutingEventOf<'lienthong.routing.v1.DocumentIssued'>,
): void {
  const document = event.payload.document as Document;
  const issuer = { agencyId: document.issuerId, name: document.issuerName, code: event.agencyCode };
  state.documents.set(document.id, { issuer, summary: summaryOf(document) });
}

function addSent(state: RoutingState, event: RoutingEventOf<'lienthong.routing.v1.DeliverySent'>): void {
  const delivery = event.payload.delivery as Delivery;
  addDelivery(state, {
    ...delivery,
    addressedTo: delivery.addressedTo as Party,
    holder: delivery.holder ?? (delivery.addressedTo as Party),
    sender: state.documents.get(delivery.documentId)?.issuer as Party,
    sentAt: delivery.sentAt as Date,
    workStatus: delivery.status,
    withdrawn: false,
    version: event.version,
  });
}

/** An accepted decision; `P` is what its command replies. */
export function accepted<P extends Reply>(
  decided: ReturnType<typeof decide>,
): RoutingDecision & { reply: P } {
  if (!decided.ok) throw new Error(`refused: ${JSON.stringify(decided.refusal)}`);
  return decided.value as RoutingDecision & { reply: P };
}

/** `reason field REASON …` of a refusal, or "accepted". */
export function refusalOf(
  decided: ReturnType<typeof decide>,
): { reason: string; violations: string[] } | 'accepted' {
  if (decided.ok) return 'accepted';
  const { reason, violations = [] } = decided.refusal;
  return { reason, violations: violations.map((one) => `${one.field} ${one.reason}`) };
}
