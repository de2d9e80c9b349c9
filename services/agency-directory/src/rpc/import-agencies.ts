import {
  AgencyImport,
  ImportAgenciesRequest,
  type ImportHeader,
  type ImportLine,
} from '@lienthong/contracts/directory';
import { parse } from '@lienthong/kit';
import type { Establish } from '../domain/command.ts';
import type { Fault } from '../domain/problem.ts';
import { authorityOf } from './authority.ts';
import { collectLines, uploaded } from './collect-lines.ts';
import { ADMINISTRATORS, Directory, upload } from './deps.ts';
import { readLine } from './parts.ts';
import { legalBasis } from './schemas.ts';

const whole = uploaded({ legalBasis });

export const importAgencies = upload(Directory.importAgencies, {
  policy: ADMINISTRATORS,
  cost: 100,
  handle: async (messages, context, { commands }) => {
    const request = await collectLines<ImportHeader, ImportLine>(messages, ImportAgenciesRequest);
    const { requestId, legalBasis } = parse(whole, request).header;
    return commands.execute({
      method: Directory.importAgencies.name,
      caller: context.caller,
      requestId,
      request,
      requestCodec: AgencyImport,
      replyCodec: Directory.importAgencies.responseType,
      command: {
        kind: 'reorganise',
        authority: authorityOf(context),
        ...readLines(request.lines),
        effectiveOn: '',
        legalBasis,
        reply: ({ changes, keys }) => ({ imported: changes.length, ids: Object.fromEntries(keys) }),
      },
      onWritten: context.written,
    });
  },
});

/** Well-formed lines as parts, the others as faults. The problems that the register finds are reported with these. */
function readLines(lines: readonly ImportLine[]): {
  parts: Establish[];
  faults: Fault[];
  brokenKeys: string[];
} {
  const parts: Establish[] = [];
  const faults: Fault[] = [];
  const brokenKeys: string[] = [];
  for (const [index, line] of lines.entries()) {
    const read = readLine(line, index);
    if (read.ok) {
      parts.push(read.part);
      continue;
    }
    brokenKeys.push(line.key.normalize('NFC').trim());
    for (const { field, description, reason = 'FIELD_INVALID' } of read.violations)
      faults.push({ index, problem: { kind: 'invalid-argument', reason, field, description } });
  }
  return { parts, faults, brokenKeys };
}
