import { readSettings } from '@lienthong/kit';
import { z } from 'zod';
import { parseWitnesses } from './witnesses/witness.ts';

const settings = z.object({
  AUDIT_SIGNING_KEY: z
    .string()
    .describe('the file with the keys that sign the log; the last signed checkpoint is kept beside it'),
  AUDIT_LISTEN: z
    .string()
    .regex(/^.+:\d+$/, 'must be host:port')
    .optional()
    .describe('host:port that serves checkpoints and tiles over HTTP; absent: they are not served'),
  AUDIT_CHECKPOINT_MS: z.coerce
    .number()
    .int()
    .min(20)
    .max(60_000)
    .default(750)
    .describe('the longest time between two checkpoints while there are new entries, in milliseconds'),
  AUDIT_WITNESSES: z
    .string()
    .default('')
    .transform((text, context) => {
      const parsed = parseWitnesses(text);
      if (parsed.ok) return parsed.witnesses;
      context.addIssue({ code: 'custom', message: parsed.problem });
      return z.NEVER;
    })
    .describe('witnesses that cosign checkpoints: "NAME+ID+KEY https://address", separated by commas'),
  AUDIT_WITNESS_QUORUM: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('how many witnesses must have cosigned a checkpoint before it is published'),
  AUDIT_WITNESS_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe('how long a witness may take, in milliseconds'),
  AUDIT_WITNESS_SILENT_S: z.coerce
    .number()
    .int()
    .min(1)
    .default(600)
    .describe('after how many seconds without a cosignature a witness counts as silent'),
});
export type AuditSettings = z.output<typeof settings>;

export function readConfig(env: Readonly<Record<string, string | undefined>>): AuditSettings {
  const read = readSettings(settings, env);
  const { AUDIT_WITNESSES: witnesses, AUDIT_WITNESS_QUORUM: quorum } = read;
  if (quorum > witnesses.length)
    throw new Error(`AUDIT_WITNESS_QUORUM is ${quorum}, and AUDIT_WITNESSES has ${witnesses.length}`);
  return read;
}
