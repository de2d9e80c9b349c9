import { readFileSync } from 'node:fs';
import { z } from 'zod';

const address = z.string().regex(/^\S+:\d+$/, 'must be host:port');

const leaf = z.strictObject({
  /** Of the agency, for people. */
  name: z.string().min(1),
  /** Its systems that read the slice; each gets credentials of its own. */
  readers: z.array(
    z
      .string()
      .regex(/^[a-z0-9-]{1,32}$/, 'must be lower-case letters, digits and "-"')
      .refine((name) => name !== 'hub' && name !== 'administrator', 'is the name of other credentials'),
  ),
  listen: address.default('127.0.0.1:4222'),
});

const schema = z.strictObject({
  hub: z.strictObject({
    /** Where leaf nodes find the hub. */
    url: z.string().regex(/^tls:\/\/\S+:\d+$/, 'must be tls://host:port'),
    listen: address.default('0.0.0.0:4222'),
    leafListen: address.default('0.0.0.0:7422'),
    /** Of the servers of a cluster, for each other. */
    clusterListen: address.default('0.0.0.0:6222'),
    routes: z.array(z.string().regex(/^tls:\/\/\S+:\d+$/, 'must be tls://host:port')).default([]),
  }),
  /** How long credentials are valid. They are renewed in the last quarter. */
  days: z.number().positive().max(3650).default(365),
  subjectRoot: z.string().default('lt'),
  /** By the agency's id. */
  leaves: z.record(z.uuid(), leaf).default({}),
});
export type Plan = z.output<typeof schema>;

/** @throws with every wrong field when the file is not a plan */
export function readPlan(file: string): Plan {
  const { data, error } = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (data === undefined)
    throw new Error(
      `${file}: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
    );
  return data;
}
