import { type Problem, Severity } from '@lienthong/contracts/registry';
import type { Work } from '../command.ts';
import { Exit } from '../failure.ts';
import { readText } from '../token.ts';

interface Found extends Problem {
  code: string;
}

/** Keeps the definitions as drafts, all or none, and prints what stands in the way of their publication. */
export async function check({ client, out, options, args }: Work<{ requestId?: string }>): Promise<Exit> {
  const [file = ''] = args;
  const yaml = await readText(file, 'the file of definitions');
  const { requestId = '' } = options;
  const { procedures } = await client.procedures.importProcedures({ requestId, yaml });
  const found: Found[] = [];
  for (const { id, code } of procedures) {
    const { problems } = await client.procedures.validateProcedure({ procedureId: id });
    found.push(...problems.map((problem) => ({ ...problem, code })));
  }
  out.list(
    found,
    [
      { title: 'Thủ tục', of: ({ code }) => code },
      { title: 'Mức', of: ({ severity }) => (severity === Severity.ERROR ? 'lỗi' : 'cảnh báo') },
      { title: 'Chỗ', of: ({ place }) => place },
      { title: 'Lý do', of: ({ reason }) => reason },
      { title: 'Nội dung', of: ({ message }) => message },
    ],
    ({ severity, ...problem }) => ({
      ...problem,
      severity: severity === Severity.ERROR ? 'ERROR' : 'WARNING',
    }),
  );
  const isWrong = found.some(({ severity }) => severity === Severity.ERROR);
  const codes = procedures.map(({ code }) => code).join(', ');
  out.note(isWrong ? `Còn lỗi / not ready: ${codes}` : `Có thể công bố / ready to be published: ${codes}`);
  return isWrong ? Exit.REFUSED : Exit.DONE;
}
