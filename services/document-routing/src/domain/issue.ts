import type { Agency } from '@lienthong/contracts/directory';
import {
  type Attachment,
  DeliveryState,
  DeliveryStatus,
  type Document,
  type IssueDocumentResponse,
  SignatureState,
} from '@lienthong/contracts/routing';
import { type FieldViolation, failure, invalid, type Result, success } from '@lienthong/kit';
import { actingAgency, codeAt, nameAt, standsFor } from '@lienthong/reference-data';
import { hasReceived } from './access.ts';
import { deliveryChange, type RoutingDecision } from './change.ts';
import { checkOrigin } from './check-origin.ts';
import { inEvent, summaryOf, yearOf } from './document.ts';
import { drawNumber, takeNumber } from './draw-number.ts';
import type { RoutingEvent } from './events.ts';
import type { IssueCommand } from './issue-command.ts';
import { answerDirective, changeEarlier } from './issue-effects.ts';
import { plainNumber } from './numbering.ts';
import { type ResolvedRecipient, resolveRecipients } from './recipients.ts';
import { signatureViolations, verdictOf } from './signatures.ts';
import { attachmentId, deliveriesOf, type RoutingState } from './state.ts';

/**
 * Issues a document to its recipients. It may also change an earlier document and answer a directive. Refuses: ISSUER_ENDED,
 * AGENCY_UNKNOWN, ORIGIN_ALREADY_USED, NUMBER_ALREADY_USED, NUMBERS_EXHAUSTED, CHANGE_PENDING; by field: what `resolveRecipients` refuses,
 * ATTACHMENT_NOT_UPLOADED, DOCUMENT_UNKNOWN, what `signatureViolations` refuses.
 */
export function decideIssue(
  command: IssueCommand,
  state: RoutingState,
): Result<RoutingDecision<IssueDocumentResponse>> {
  const { draft, callerId, today } = command;
  const issuer = actingAgency(state.agencies, command.callerId, command.today);
  if (!issuer.ok) return issuer;

  const { recipients, violations } = resolveRecipients(
    state.agencies,
    draft.recipients,
    draft.promulgatedOn,
    today,
  );
  violations.push(
    ...checkAttachments(command, state),
    ...checkRelations(command, state),
    ...signatureViolations({
      ...draft,
      checks: command.signatureChecks,
      required: command.signaturesRequired,
    }),
  );
  if (violations.length > 0) return failure(invalid(violations));

  const origin = checkOrigin(command, state);
  if (!origin.ok) return origin;

  const series = { issuerId: callerId, year: yearOf(draft), notation: draft.notation };
  const number = draft.number === '' ? drawNumber(series, state) : takeNumber(draft.number, series, state);
  if (!number.ok) return number;

  const changes = changeEarlier(command, state, recipients, issuer.value);
  if (!changes.ok) return changes;

  const { drawnFrom } = number.value;
  const document = compose(command, state, issuer.value, number.value.number);
  const earlierEvents = [...changes.value, ...answerDirective(command, state, changes.value)];
  const issuerCode = codeAt(issuer.value, today);
  return success({
    events: [
      {
        type: 'lienthong.routing.v1.DocumentIssued',
        payload: { document: inEvent(document) },
        aggregateId: document.id,
        version: 1,
        agencyCode: issuerCode,
        agencyId: document.issuerId,
        documentId: document.id,
      },
      ...sentEvents(command, document, recipients),
      ...earlierEvents,
    ],
    reply: {
      document,
      deliveries: recipients.map(({ addressedTo, holder }, i) => ({
        deliveryId: command.deliveryIds[i] as string,
        addressedToId: addressedTo.agencyId,
        holderId: holder.agencyId,
      })),
    },
    change: {
      issued: { document, issuerCode, givenNumber: drawnFrom ? undefined : plainNumber(document.number) },
      ...(drawnFrom && { series: drawnFrom }),
      sent: recipients.map(({ addressedTo, holder }, i) => ({
        id: command.deliveryIds[i] as string,
        documentId: document.id,
        addressedTo,
        holder,
      })),
      ...deliveryChange(earlierEvents, { agencyId: callerId, officerId: command.officerId }),
    },
  });
}

/** A digest alone gives no access: the issuer must have uploaded or received the content. */
function checkAttachments({ callerId, draft }: IssueCommand, state: RoutingState): FieldViolation[] {
  return draft.attachments.flatMap(({ sha256 }, i) =>
    state.attachments.has(attachmentId(callerId, sha256))
      ? []
      : [
          {
            field: `attachments[${i}].sha256`,
            reason: 'ATTACHMENT_NOT_UPLOADED',
            description: 'was not uploaded by your agency or delivered to it; upload it first',
          },
        ],
  );
}

/** A document that does not exist and one that the issuer may not see get the same violation. */
function checkRelations({ callerId, draft, today }: IssueCommand, state: RoutingState): FieldViolation[] {
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
      hasReceived(agencies, callerId, one, today),
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

function compose(
  { draft, documentId, now, officerId, signatureChecks }: IssueCommand,
  state: RoutingState,
  issuer: Agency,
  number: string,
): Document {
  const { recipients, attachments, ...fields } = draft;
  return {
    ...fields,
    id: documentId,
    issuerId: issuer.id,
    issuerName: nameAt(issuer, draft.promulgatedOn),
    number,
    year: yearOf(draft),
    tasks: [...draft.tasks],
    toPlaces: [...draft.toPlaces],
    appendixes: [...draft.appendixes],
    signatures: [...draft.signatures],
    signatureVerdict: verdictOf(signatureChecks, now),
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

/** A document may have thousands of deliveries, so each event leaves out the fields that all of them share. */
function sentEvents(
  { deliveryIds, now }: IssueCommand,
  document: Document,
  recipients: readonly ResolvedRecipient[],
): RoutingEvent[] {
  const summary = summaryOf(document);
  return recipients.map(({ addressedTo, holder }, i): RoutingEvent => {
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
          signatureState: SignatureState.UNSPECIFIED,
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
