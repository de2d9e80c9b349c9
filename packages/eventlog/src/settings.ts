import { type ParsedKeys, parseKeys, readSettings } from '@lienthong/kit';
import { z } from 'zod';

const eventKeys = z.string().transform((text, context): Extract<ParsedKeys, { ok: true }> => {
  const parsed = parseKeys(text);
  if (parsed.ok) return parsed;
  context.addIssue({ code: 'custom', message: parsed.problem });
  return z.NEVER;
});
export type EventKeys = z.output<typeof eventKeys>;

const settings = z.object({
  EVENT_MAC_KEYS: eventKeys.describe(
    'keys that all services share and that vouch for published events: "id:base64 of 32 bytes", separated by commas; the first signs, all are accepted',
  ),
  STREAM_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('copies of a new stream of events in a NATS cluster: 1, or 3 where one server may fail'),
});

export const readEventLogSettings = (
  env: Readonly<Record<string, string | undefined>>,
): z.output<typeof settings> => readSettings(settings, env);
