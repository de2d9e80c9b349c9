import { AgencyImport, ImportAgenciesRequest, type ImportLine } from '@lienthong/contracts/directory';
import { field, invalid, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import type { Establish } from '../domain/command.ts';
import type { Fault } from '../domain/problem.ts';
import { ADMINISTRATORS, Directory, upload } from './deps.ts';
import { readLine } from './parts.ts';
import { legalBasis } from './schemas.ts';

/** The limits of one call; a province has some hundreds of agencies. */
const MAX_LINES = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;

const whole = z.object({
  header: z.object({ requestId: field.uuid, legalBasis }, 'must come first, once'),
  lines: z.array(z.unknown()).superRefine((lines, context) => {
    if (lines.length === 0) {
      const params = { reason: 'FIELD_REQUIRED' };
      context.addIssue({ code: 'custom', message: 'must hold at least one line', params });
    }
  }),
});

export const importAgencies = upload(Directory.importAgencies, {
  policy: ADMINISTRATORS,
  cost: 100,
  handle: async (messages, { caller, written }, { commands }) => {
    const request = await collect(messages);
    const { requestId, legalBasis } = parse(whole, request).header;
    return commands.execute({
      method: Directory.importAgencies.name,
      caller,
      requestId,
      request,
      requestCodec: AgencyImport,
      replyCodec: Directory.importAgencies.responseType,
      command: {
        kind: 'reorganise',
        ...readLines(request.lines),
        effectiveOn: '',
        legalBasis,
        reply: ({ changes, keys }) => ({ imported: changes.length, ids: Object.fromEntries(keys) }),
      },
      written,
    });
  },
});

/** The whole import in memory, within its bounds. */
async function collect(stream: AsyncIterable<ImportAgenciesRequest>): Promise<AgencyImport> {
  const whole: AgencyImport = { header: undefined, lines: [] };
  let bytes = 0;
  for await (const message of stream) {
    bytes += ImportAgenciesRequest.encode(message).finish().length;
    if (whole.lines.length >= MAX_LINES || bytes > MAX_BYTES) return tooLarge();
    const { content } = message;
    if (content?.$case === 'line') whole.lines.push(content.value);
    else if (content?.$case === 'header' && !whole.header && whole.lines.length === 0)
      whole.header = content.value;
    else {
      const at = content ? 'header' : `lines[${whole.lines.length}]`;
      const description = content ? 'must come first, once' : 'is empty';
      return refuse(invalid([{ field: at, description, reason: 'FIELD_INVALID' }]));
    }
  }
  return whole;
}

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

function tooLarge(): never {
  return refuse({
    kind: 'resource-exhausted',
    reason: 'IMPORT_TOO_LARGE',
    message: `an import holds at most ${MAX_LINES} lines and ${MAX_BYTES} bytes; split it, parents first`,
  });
}
