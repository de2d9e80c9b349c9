import { field, invalid, refuse } from '@lienthong/kit';
import { z } from 'zod';

/** The limits of one upload; a province has some hundreds of agencies and some thousand officers. */
const MAX_LINES = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;

interface Message<H, L> {
  content?: { $case: 'header'; value: H } | { $case: 'line'; value: L } | undefined;
}

/** The whole upload in memory, within its bounds: a header, then lines. Refuses: IMPORT_TOO_LARGE. */
export async function collectLines<H, L>(
  stream: AsyncIterable<Message<H, L>>,
  codec: { encode(message: Message<H, L>): { finish(): Uint8Array } },
): Promise<{ header: H | undefined; lines: L[] }> {
  const whole: { header: H | undefined; lines: L[] } = { header: undefined, lines: [] };
  let bytes = 0;
  for await (const message of stream) {
    bytes += codec.encode(message).finish().length;
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

/** The request schema of an upload; each line is read by itself. */
export const uploaded = <S extends z.ZodRawShape>(header: S) =>
  z.object({
    header: z.object({ requestId: field.uuid, ...header }, 'must come first, once'),
    lines: z.array(z.unknown()).superRefine((lines, context) => {
      if (lines.length === 0) {
        const params = { reason: 'FIELD_REQUIRED' };
        context.addIssue({ code: 'custom', message: 'must hold at least one line', params });
      }
    }),
  });

function tooLarge(): never {
  return refuse({
    kind: 'resource-exhausted',
    reason: 'IMPORT_TOO_LARGE',
    message: `an import holds at most ${MAX_LINES} lines and ${MAX_BYTES} bytes; split it, parents first`,
  });
}
