import { setTimeout as wait } from 'node:timers/promises';
import type { AgencyClient } from '@lienthong/client';
import { type Delivery, DeliveryStatus } from '@lienthong/contracts/routing';
import { take, type Work } from '../command.ts';
import type { Exit } from '../failure.ts';
import { type Finding, report } from './report.ts';

interface DocumentsOptions {
  to: string;
  wait: number;
}

const POLL_MS = 500;

/**
 * Sends documents to the agency whose system is tried, and looks at what that system reports. The caller is another agency,
 * in a sandbox.
 */
export async function checkDocuments({ client, out, options }: Work<DocumentsOptions>): Promise<Exit> {
  const { to, wait: waitS } = options;
  const send = (subject: string) => issue(client, to, subject);
  const settle = (ids: readonly string[], isRight: (one: Delivery) => boolean) =>
    observe(client, ids, isRight, waitS * 1000);
  const findings: Finding[] = [];
  const note = (
    check: string,
    expected: string,
    deliveries: readonly Delivery[],
    isRight: (one: Delivery) => boolean,
  ) =>
    findings.push({
      check,
      expected,
      found: deliveries.map(standingOf).join(', '),
      passed: deliveries.length > 0 && deliveries.every(isRight),
    });

  const three = [await send('V/v thử 1'), await send('V/v thử 2'), await send('V/v thử 3')];
  note(
    'mỗi văn bản được báo 01 / each document is reported as arrived',
    '01 …',
    await settle(three, hasArrived),
    hasArrived,
  );
  note(
    'được tiếp nhận hoặc từ chối / is accepted or refused',
    '02, 03 …',
    await settle(three, isTaken),
    isTaken,
  );

  const [recalled = ''] = three;
  const { requested } = await client.routing.recallDocument({
    documentId: recalled,
    reason: 'Kiểm tra sự phù hợp',
  });
  // One that never arrived, or has ended, is nobody's to answer.
  if (requested > 0)
    note(
      'yêu cầu thu hồi được trả lời / a recall is answered',
      '15, 16',
      await settle([recalled], isAnswered),
      isAnswered,
    );
  return report(out, findings);
}

async function issue(client: AgencyClient, to: string, subject: string): Promise<string> {
  const { document } = await client.routing.issueDocument({
    type: 'CV',
    notation: 'KT-PH',
    subject: `${subject} (kiểm tra sự phù hợp)`,
    signer: { competence: 'KT. GIÁM ĐỐC', position: 'Phó Giám đốc', fullName: 'Trần Văn Mẫu' },
    recipients: [{ recipient: { $case: 'code', value: { scheme: '', code: to } } }],
  });
  return document?.id ?? '';
}

/** The deliveries of these documents once all are right, or when the time is over. */
async function observe(
  client: AgencyClient,
  documentIds: readonly string[],
  isRight: (one: Delivery) => boolean,
  forMs: number,
): Promise<Delivery[]> {
  for (const until = performance.now() + forMs; ; await wait(POLL_MS)) {
    const deliveries = (await Promise.all(documentIds.map((id) => deliveriesOf(client, id)))).flat();
    if (deliveries.every(isRight) || performance.now() >= until) return deliveries;
  }
}

const deliveriesOf = (client: AgencyClient, documentId: string): Promise<Delivery[]> =>
  take(client.deliveries({ documentId }), Number.POSITIVE_INFINITY);

const hasArrived = ({ status }: Delivery): boolean => status !== DeliveryStatus.UNSPECIFIED;
const isTaken = (delivery: Delivery): boolean =>
  hasArrived(delivery) && delivery.status !== DeliveryStatus.ARRIVED;
const isAnswered = ({ pending }: Delivery): boolean => pending === undefined;

const standingOf = ({ status }: Delivery): string => String(status).padStart(2, '0');
