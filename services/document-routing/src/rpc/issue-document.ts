import { isDate, uuidv7 } from '@lienthong/kit';
import { draftViolations } from '../domain/draft-rules.ts';
import { checkAtIssue } from '../signatures/document.ts';
import { command, Routing, WORKS_WITH_DOCUMENTS } from './deps.ts';
import { issueRequest } from './issue-request.ts';

/** One transaction writes all deliveries, so the cost of a call grows by 1 for this many recipients. */
const RECIPIENTS_PER_COST_UNIT = 50;

export const issueDocument = command(Routing.issueDocument, {
  policy: WORKS_WITH_DOCUMENTS,
  request: issueRequest,
  rules: (request, { today }) => {
    // The schema reports a wrong date; today stands in for it in the other rules.
    const promulgatedOn = isDate(request.promulgatedOn) ? request.promulgatedOn : today;
    const violations = draftViolations({ ...request, promulgatedOn }, today);
    if (request.signatures.length > 0 && request.promulgatedOn === '')
      violations.push({
        field: 'promulgated_on',
        reason: 'FIELD_REQUIRED',
        description: 'is required with signatures: they sign it',
      });
    return violations;
  },
  cost: ({ recipients }) => 1 + recipients.length / RECIPIENTS_PER_COST_UNIT,
  maxBytes: 4 * 1024 * 1024,
  maxValues: 50_000,
  async command({ secrecyMark: _, promulgatedOn, deliverBy, signer, exchange, ...fields }, context, deps) {
    const { caller, now, today } = context;
    const draft = { ...fields, deliverBy, signer, exchange, promulgatedOn: promulgatedOn || today };
    return {
      kind: 'issue',
      now,
      today,
      callerId: caller.agencyId,
      officerId: caller.officerId,
      documentId: uuidv7(),
      deliveryIds: draft.recipients.map(() => uuidv7()),
      draft,
      signatureChecks: await checkAtIssue(draft, context, deps),
      signaturesRequired: deps.signaturesRequired,
    };
  },
});
