import { isDate, uuidv7 } from '@lienthong/kit';
import { draftViolations } from '../domain/draft-rules.ts';
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
    return draftViolations({ ...request, promulgatedOn }, today);
  },
  cost: ({ recipients }) => 1 + recipients.length / RECIPIENTS_PER_COST_UNIT,
  maxBytes: 4 * 1024 * 1024,
  maxValues: 50_000,
  command: ({ secrecyMark: _, promulgatedOn, deliverBy, signer, ...draft }, { caller, now, today }) => ({
    kind: 'issue',
    now,
    today,
    callerId: caller.agencyId,
    officerId: caller.officerId,
    documentId: uuidv7(),
    deliveryIds: draft.recipients.map(() => uuidv7()),
    draft: { ...draft, deliverBy, signer, promulgatedOn: promulgatedOn || today },
  }),
});
