import { failure, type Result, success } from '@lienthong/kit';
import type { IssueCommand } from './issue-command.ts';
import { originId, originOf } from './origin.ts';
import type { RoutingState } from './state.ts';

/** Within an agency one origin is one document. Refuses: ORIGIN_ALREADY_USED. */
export function checkOrigin({ callerId, draft }: IssueCommand, { origins }: RoutingState): Result<undefined> {
  const origin = originOf(callerId, draft.exchange);
  const packageSha256 = origin && origins.get(originId(origin));
  if (packageSha256 === undefined) return success(undefined);
  return failure({
    kind: 'already-exists',
    reason: 'ORIGIN_ALREADY_USED',
    message:
      'your agency has issued a document with this id of this system; FindDocuments finds it. Give another document another id',
    violations: [
      {
        field: 'exchange.origin.document_id',
        reason: 'ORIGIN_ALREADY_USED',
        description: 'is the id of a document that was issued before',
      },
    ],
    metadata: { package_sha256: packageSha256 },
  });
}
