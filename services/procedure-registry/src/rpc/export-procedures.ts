import type { ExportProceduresRequest, ExportProceduresResponse } from '@lienthong/contracts/registry';
import { field, manyOf, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { MAX_DOCUMENTS, MAX_YAML_BYTES } from '../document/read-yaml.ts';
import { writeYaml } from '../document/write-yaml.ts';
import { definitionOf } from '../domain/procedure.ts';
import { readAllInForce } from '../store/read.ts';
import { dateOf, type Edge } from './edge.ts';
import { notInForce } from './get-procedure.ts';

const schema = z.object({
  codes: manyOf(field.text({ min: 1, max: 60 }), MAX_DOCUMENTS),
  at: field.optionalDate,
});

export function exportProcedures({ db, clock }: Edge) {
  return async (request: ExportProceduresRequest): Promise<ExportProceduresResponse> => {
    const { codes, at } = parse(schema, request);
    const date = dateOf(clock, at);
    const procedures = await readAllInForce(db, codes, date, MAX_DOCUMENTS + 1);
    const found = new Set(procedures.map(({ code }) => code));
    for (const [i, code] of codes.entries())
      if (!found.has(code)) return refuse(notInForce(code, date, `codes[${i}]`));
    if (procedures.length > MAX_DOCUMENTS) return tooLarge(`more than ${MAX_DOCUMENTS} procedures`);
    const yaml = writeYaml(procedures.map(definitionOf));
    const bytes = Buffer.byteLength(yaml);
    return bytes > MAX_YAML_BYTES ? tooLarge(`${bytes} bytes`) : { yaml };
  };
}

/** What one import would not take back is not given out in one. */
const tooLarge = (size: string): never =>
  refuse({
    kind: 'resource-exhausted',
    reason: 'EXPORT_TOO_LARGE',
    message: `the export would have ${size}; at most ${MAX_DOCUMENTS} procedures and ${MAX_YAML_BYTES} bytes are possible: name fewer codes`,
  });
