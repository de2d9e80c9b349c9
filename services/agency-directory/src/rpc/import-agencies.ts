import {
  AgencyImport,
  ImportAgenciesRequest,
  ImportAgenciesResponse,
  type ImportLine,
} from '@lienthong/contracts/directory';
import { type CallInfo, field, invalid, refuse } from '@lienthong/kit';
import { z } from 'zod';
import type { Establish } from '../domain/command.ts';
import type { Enacted } from '../domain/decide.ts';
import type { Fault } from '../domain/problem.ts';
import type { Directory } from './directory.ts';
import { readLine } from './parts.ts';
import { Reader } from './reader.ts';
import { legalBasis } from './schemas.ts';

/** Of one call; a province has some hundreds of agencies. */
const MAX_LINES = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;

const header = z.object({ requestId: field.uuid, legalBasis }, 'must come first, once');

export const importAgencies =
  (directory: Directory) => async (stream: AsyncIterable<ImportAgenciesRequest>, info: CallInfo) => {
    const request = await collect(stream);
    const reader = new Reader();
    const head = reader.read(header, request.header, 'header');
    if (request.lines.length === 0) {
      reader.violations.push({
        field: 'lines',
        description: 'must hold at least one line',
        reason: 'FIELD_REQUIRED',
      });
    }
    if (!head || reader.failed) return reader.refuse();
    return directory.commands.execute({
      method: 'ImportAgencies',
      principal: info.principal,
      requestId: head.requestId,
      request,
      requestCodec: AgencyImport,
      replyCodec: ImportAgenciesResponse,
      command: {
        kind: 'reorganise',
        ...readLines(request.lines),
        effectiveOn: '',
        legalBasis: head.legalBasis,
        reply: ({ changes, keys }: Enacted): ImportAgenciesResponse => ({
          imported: changes.length,
          ids: Object.fromEntries(keys),
        }),
      },
    });
  };

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

/** Well-formed lines as parts, the others as faults: the register's own objections are reported with them. */
function readLines(lines: readonly ImportLine[]): {
  parts: Establish[];
  faults: Fault[];
  brokenKeys: string[];
} {
  const parts: Establish[] = [];
  const faults: Fault[] = [];
  const brokenKeys: string[] = [];
  for (const [index, line] of lines.entries()) {
    const reader = new Reader();
    const part = readLine(reader, line, index);
    if (part) parts.push(part);
    else brokenKeys.push(line.key.normalize('NFC').trim());
    for (const { field, description, reason = 'FIELD_INVALID' } of reader.violations) {
      faults.push({ index, problem: { kind: 'invalid-argument', reason, field, description } });
    }
  }
  return { parts, faults, brokenKeys };
}

function tooLarge(): never {
  return refuse({
    kind: 'resource-exhausted',
    reason: 'IMPORT_TOO_LARGE',
    message: `an import holds at most ${MAX_LINES} lines and ${MAX_BYTES} bytes; divide it, parents first`,
  });
}
