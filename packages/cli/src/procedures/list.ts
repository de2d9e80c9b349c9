import { ProcedureSummary } from '@lienthong/contracts/registry';
import { take, type Work } from '../command.ts';

export async function list({ client, out, options, args }: Work<{ limit: number }>): Promise<void> {
  const [text = ''] = args;
  const found = await take(
    client.searchProcedures({ text, pageSize: Math.min(options.limit, 200) }),
    options.limit,
  );
  out.list(
    found,
    [
      { title: 'Mã', of: ({ code }) => code },
      { title: 'Bản', of: ({ version }) => String(version) },
      { title: 'Tên', of: ({ name }) => name, cut: true },
      { title: 'Hiệu lực từ', of: ({ effectiveOn }) => effectiveOn },
    ],
    (one) => ProcedureSummary.toJSON(one),
  );
}
