import { IssueDocumentRequest, IssueDocumentResponse } from '@lienthong/contracts/routing';
import { type CallInfo, callerOf, instant, uuidv7 } from '@lienthong/kit';
import type { Edge } from './edge.ts';
import { parseIssueRequest } from './issue-request.ts';

export function issueDocument({ clock, commands }: Edge) {
  return (request: IssueDocumentRequest, info: CallInfo): Promise<IssueDocumentResponse> => {
    const callerId = callerOf(info);
    const at = instant(clock);
    const { requestId, draft } = parseIssueRequest(request, at.today);
    const { principal } = info;
    return commands.execute({
      method: 'IssueDocument',
      requestId,
      request,
      requestCodec: IssueDocumentRequest,
      replyCodec: IssueDocumentResponse,
      principal,
      command: {
        kind: 'issue',
        ...at,
        callerId,
        officerId: principal.officerId,
        documentId: uuidv7(),
        deliveryIds: draft.recipients.map(() => uuidv7()),
        draft,
      },
    });
  };
}
