import { invalid, principalOf, refuse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { MAX_YAML_BYTES, type ReadDefinition } from '../document/read-yaml.ts';
import { command, EDITORS, Registry } from './deps.ts';

export const importProcedures = command(Registry.importProcedures, {
  policy: EDITORS,
  // A larger text is refused with its size.
  maxBytes: 2 * MAX_YAML_BYTES,
  request: z.object({ yaml: z.string() }),
  cost: 50,
  command: async ({ yaml }, context, { pools }) => {
    const read = await pools.documents.run(principalOf(context), 'readYaml', yaml);
    if (!read.ok) return refuse(invalid(read.violations));
    const repeated = repeatedCodes(read.definitions);
    if (repeated.length > 0) return refuse(invalid(repeated));
    return {
      kind: 'import',
      definitions: read.definitions.map(({ definition }) => ({ id: uuidv7(), definition })),
    };
  },
});

function repeatedCodes(definitions: readonly ReadDefinition[]) {
  const codes = definitions.map(({ definition }) => definition.code);
  return definitions.flatMap(({ line }, i) => {
    const first = codes.indexOf(codes[i] as string);
    if (first === i) return [];
    const description = `line ${line}: is the code of document ${first} too; a code has one draft`;
    return [{ field: `yaml[${i}].code`, description, reason: 'CODE_TWICE' }];
  });
}
