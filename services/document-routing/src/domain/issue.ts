import type { Agency } from '@lienthong/contracts/directory';
import {
  type Attachment,
  DeliveryState,
  DeliveryStatus,
  type Document,
  type IssueDocumentResponse,
} from '@lienthong/contracts/routing';
import { accepted, type FieldViolation, invalid, type Refusal, type Result, refused } from '@lienthong/kit';
import { codeAt, nameAt, standsFor } from '@lienthong/reference-data';
import { received, speaker } from './access.ts';
import { type Addressee, findAddressees } from './addressees.ts';
import { type Draft, summaryOf, yearOf } from './document.ts';
import type { RoutingEvent } from './events.ts';
import { answers, changes } from './issue-effects.ts';
import { seriesKey, writeNumber } from './numbering.ts';
import { attachmentId, deliveriesOf, numberId, type RoutingState } from './state.ts';

export interface IssueCommand {
  kind: 'issue';
  callerId: string;
  officerId: string;
  now: Date;
  /** The date of `now` in Vietnam. */
  today: string;
  documentId: string;
  /** As many as recipients. */
  deliveryIds: readonly string[];
  draft: Draft;
}

export interface Issued {
  events: RoutingEvent[];
  reply: IssueDocumentResponse;
}

const MAX_NUMBER_LENGTH = 11;

export function decideIssue(command: IssueCommand, state: RoutingState): Result<Issued> {
  const { draft, callerId, today } = command;
  const issuer = speaker(state.agencies, callerId, today, 'ISSUER_ENDED');
  if (!issuer.ok) return issuer;

  const { addressees, violations } = findAddressees(
    state.agencies,
    draft.recipients,
    draft.promulgatedOn,
    today,
  );
  violations.push(...unavailable(command, state), ...unrelated(command, state));
  if (violations.length > 0) return refused(invalid(violations));

  const number = numberFor(command, state);
  if (!number.ok) return number;

  const changed = changes(command, state, addressees, issuer.value);
  if (!changed.ok) return changed;

  const document = compose(command, state, issuer.value, number.value);
  const issuerCode = codeAt(issuer.value, today);
  return accepted({
    events: [
      {
        type: 'lienthong.routing.v1.DocumentIssued',
        payload: { document },
        aggregateId: document.id,
        version: 1,
        agencyCode: issuerCode,
        agencyId: document.issuerId,
        documentId: document.id,
      },
      ...sendings(command, document, addressees),
      ...changed.value,
      ...answers(command, state, changed.value),
    ],
    reply: {
      document,
      deliveries: addressees.map(({ addressedTo, holder }, i) => ({
        deliveryId: command.deliveryIds[i] as string,
        addressedToId: addressedTo.agencyId,
        holderId: holder.agencyId,
      })),
    },
  });
}

/** Knowing a digest is no permission: the issuer must have uploaded or received the content. */
function unavailable({ callerId, draft }: IssueCommand, state: RoutingState): FieldViolation[] {
  return draft.attachments.flatMap(({ sha256 }, i) =>
    state.attachments.has(attachmentId(callerId, sha256))
      ? []
      : [
          {
            field: `attachments[${i}].sha256`,
            reason: 'ATTACHMENT_NOT_UPLOADED',
            description: 'was neither uploaded by nor delivered to your agency; upload it first',
          },
        ],
  );
}

/** One reason for a document that does not exist and one that is none of the issuer's business. */
function unrelated({ callerId, draft, today }: IssueCommand, state: RoutingState): FieldViolation[] {
  const { agencies } = state;
  const violations: FieldViolation[] = [];
  if (draft.refersToId !== '') {
    const earlier = state.documents.get(draft.refersToId);
    if (!earlier || !standsFor(agencies, callerId, earlier.issuer.agencyId, today))
      violations.push({
        field: 'refers_to_id',
        reason: 'DOCUMENT_UNKNOWN',
        description: 'is not a document your agency or one it succeeds has issued',
      });
  }
  if (draft.respondsToId !== '') {
    const reached = deliveriesOf(state, draft.respondsToId).some((one) =>
      received(agencies, callerId, one, today),
    );
    if (!reached)
      violations.push({
        field: 'responds_to_id',
        reason: 'DOCUMENT_UNKNOWN',
        description: 'is not a document that was delivered to your agency or one it succeeds',
      });
  }
  return violations;
}

function numberFor({ callerId, draft }: IssueCommand, state: RoutingState): Result<string> {
  const series = { issuerId: callerId, year: yearOf(draft), notation: draft.notation };
  if (draft.number === '') {
    const drawn = writeNumber(state.next.get(seriesKey(series)) ?? 1);
    return drawn.length <= MAX_NUMBER_LENGTH ? accepted(drawn) : refused(seriesExhausted);
  }
  if (!state.taken.has(numberId(series, draft.number))) return accepted(draft.number);
  return refused({
    kind: 'already-exists',
    reason: 'NUMBER_ALREADY_USED',
    message: `your agency has used ${draft.number}/${draft.notation} in ${series.year}; leave number empty to draw the next`,
    violations: [
      { field: 'number', reason: 'NUMBER_ALREADY_USED', description: `was used already in ${series.year}` },
    ],
  });
}

function compose(
  { draft, documentId, now, officerId }: IssueCommand,
  state: RoutingState,
  issuer: Agency,
  number: string,
): Document {
  const { recipients, attachments, ...said } = draft;
  return {
    ...said,
    id: documentId,
    issuerId: issuer.id,
    issuerName: nameAt(issuer, draft.promulgatedOn),
    number,
    year: yearOf(draft),
    tasks: [...draft.tasks],
    toPlaces: [...draft.toPlaces],
    appendixes: [...draft.appendixes],
    attachments: attachments.map(
      (one): Attachment => ({
        ...one,
        sizeBytes: BigInt(state.attachments.get(attachmentId(issuer.id, one.sha256)) ?? 0),
      }),
    ),
    recipientCount: recipients.length,
    issuedAt: now,
    issuedBy: officerId,
  };
}

/** As small as it can be, for there are many: what a new delivery always is, and what the summary says, is left out. */
function sendings(
  { deliveryIds, now }: IssueCommand,
  document: Document,
  addressees: readonly Addressee[],
): RoutingEvent[] {
  const summary = summaryOf(document);
  return addressees.map(({ addressedTo, holder }, i): RoutingEvent => {
    const id = deliveryIds[i] as string;
    return {
      type: 'lienthong.routing.v1.DeliverySent',
      payload: {
        delivery: {
          id,
          documentId: document.id,
          addressedTo,
          holder: holder === addressedTo ? undefined : holder,
          sender: undefined,
          state: DeliveryState.OPEN,
          status: DeliveryStatus.UNSPECIFIED,
          pending: undefined,
          sentAt: now,
          statusAt: undefined,
          answeredById: '',
          answeredAt: undefined,
          supersededById: '',
          version: 0n,
        },
        document: summary,
      },
      aggregateId: id,
      version: 1,
      agencyCode: holder.code,
      agencyId: holder.agencyId,
      documentId: document.id,
    };
  });
}

const seriesExhausted: Refusal = {
  kind: 'failed-precondition',
  reason: 'NUMBERS_EXHAUSTED',
  message: `the next number of this notation has more than ${MAX_NUMBER_LENGTH} digits; give a number, or use another notation`,
};
