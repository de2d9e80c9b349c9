import { InboxItem, ReportStatusResponse } from '@lienthong/contracts/routing';
import { take, type Work } from '../command.ts';
import { deliveryStatusOf, deliveryStatusText, timeText } from '../output/words.ts';

interface InboxOptions {
  notYetArrived?: boolean;
  status?: readonly string[];
  text?: string;
  limit: number;
}

export async function inbox({ client, out, options }: Work<InboxOptions>): Promise<void> {
  const { notYetArrived = false, status = [], text = '', limit } = options;
  const filter = { notYetArrived, statuses: status.map(deliveryStatusOf), text };
  const items = await take(client.inbox({ filter, pageSize: Math.min(limit, 200) }), limit);
  out.list(
    items,
    [
      { title: 'Gói tin', of: ({ delivery }) => delivery?.id ?? '' },
      { title: 'Số, ký hiệu', of: ({ document }) => `${document?.number}/${document?.notation}` },
      { title: 'Loại', of: ({ document }) => document?.type ?? '' },
      { title: 'Trích yếu', of: ({ document }) => document?.subject ?? '', cut: true },
      { title: 'Nơi gửi', of: ({ delivery }) => delivery?.sender?.code ?? '' },
      { title: 'Gửi lúc', of: ({ delivery }) => timeText(delivery?.sentAt) },
      { title: 'Trạng thái', of: ({ delivery }) => deliveryStatusText(delivery?.status ?? 0) },
    ],
    (item) => InboxItem.toJSON(item),
  );
}

interface ReportOptions {
  reason?: string;
  assignee?: string;
  requestId?: string;
}

export async function report({ client, out, options, args }: Work<ReportOptions>): Promise<void> {
  const [deliveryId = '', code = ''] = args;
  const { reason = '', assignee = '', requestId = '' } = options;
  const status = deliveryStatusOf(code);
  const reply = await client.routing.reportStatus({ requestId, deliveryId, status, reason, assignee });
  out.one(ReportStatusResponse.toJSON(reply), () => [
    `${reply.delivery?.id}: ${deliveryStatusText(reply.delivery?.status ?? 0)}`,
  ]);
}
