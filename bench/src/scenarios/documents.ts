import { randomUUID } from 'node:crypto';
import type { DeepPartial, IssueDocumentRequest } from '@lienthong/contracts/routing';
import type { Agency } from '../agencies.ts';
import { closedLoop } from '../load.ts';
import type { Target } from '../target.ts';

export const letter = (recipients: readonly Agency[]): DeepPartial<IssueDocumentRequest> => ({
  requestId: randomUUID(),
  notation: 'UBND-VP',
  type: 'CV',
  subject: 'V/v triển khai nhiệm vụ cải cách hành chính quý I',
  content: 'Đề nghị các cơ quan, đơn vị nghiêm túc triển khai thực hiện.',
  signer: { competence: 'TM. ỦY BAN NHÂN DÂN', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
  recipients: recipients.map(({ id }) => ({ recipient: { $case: 'agencyId', value: id } })),
});

/** Documents per second to one recipient each, every caller an agency of its own. */
export async function documentsPerSecond(
  target: Target,
  agencies: readonly Agency[],
  callers: number,
  seconds: number,
): Promise<number> {
  const clients = await Promise.all(agencies.slice(0, callers).map(({ id }) => target.as(id)));
  const call = (caller: number, n: number) => {
    const recipient = agencies[(caller * 31 + n) % agencies.length] as Agency;
    return (clients[caller] as (typeof clients)[number]).issueDocument(letter([recipient]));
  };
  await closedLoop(callers, 3, call);
  const rate = await closedLoop(callers, seconds, call);
  await target.quiet();
  return rate;
}
