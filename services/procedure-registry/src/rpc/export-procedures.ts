import type { Definition } from '@lienthong/contracts/registry';
import { field, manyOf, principalOf, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { MAX_DOCUMENTS, MAX_YAML_BYTES } from '../document/read-yaml.ts';
import { definitionOf } from '../domain/procedure.ts';
import { readAllInForce } from '../store/read.ts';
import { query, Registry } from './deps.ts';
import { notInForce } from './get-procedure.ts';
import { visibleVersion } from './visible-version.ts';

export const exportProcedures = query(Registry.exportProcedures, {
  policy: 'public',
  request: z.object({
    codes: manyOf(field.text({ min: 1, max: 60 }), MAX_DOCUMENTS),
    at: field.optionalDate,
    procedureId: field.optionalUuid,
  }),
  rules: ({ codes, at, procedureId }) =>
    procedureId !== '' && (codes.length > 0 || at !== '') ? [oneVersion] : [],
  // Hundreds of definitions are read and written as text.
  cost: 20,
  handle: async ({ codes, at, procedureId }, context, { db, pools }) => {
    const write = (definitions: readonly Definition[]) =>
      pools.documents.run(principalOf(context), 'writeYaml', definitions);
    if (procedureId !== '')
      return { yaml: await write([definitionOf(await visibleVersion(db, procedureId, context.caller))]) };
    const date = at || context.today;
    const procedures = await readAllInForce(db, codes, date, MAX_DOCUMENTS + 1);
    const found = new Set(procedures.map(({ code }) => code));
    for (const [i, code] of codes.entries())
      if (!found.has(code)) return refuse(notInForce(code, date, `codes[${i}]`));
    if (procedures.length > MAX_DOCUMENTS) return tooLarge(`more than ${MAX_DOCUMENTS} procedures`);
    const yaml = await write(procedures.map(definitionOf));
    const bytes = Buffer.byteLength(yaml);
    return bytes > MAX_YAML_BYTES ? tooLarge(`${bytes} bytes`) : { yaml };
  },
});

const oneVersion = {
  field: 'procedure_id',
  description: 'is for one version; leave codes and at empty',
  reason: 'ONE_OF_REQUIRED',
};

/** What one import would not take back is not exported in one. */
const tooLarge = (size: string): never =>
  refuse({
    kind: 'resource-exhausted',
    reason: 'EXPORT_TOO_LARGE',
    message: `the export would have ${size}; the limit is ${MAX_DOCUMENTS} procedures and ${MAX_YAML_BYTES} bytes; name fewer codes`,
  });
