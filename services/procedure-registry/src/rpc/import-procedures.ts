import { ImportProceduresRequest, ImportProceduresResponse } from '@lienthong/contracts/registry';
import { type CallInfo, field, invalid, parse, refuse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { type ReadDefinition, readYaml } from '../document/read-yaml.ts';
import type { Edge } from './edge.ts';

const schema = z.object({ requestId: field.uuid });

export function importProcedures({ commands }: Edge) {
  return async (request: ImportProceduresRequest, info: CallInfo): Promise<ImportProceduresResponse> => {
    const { requestId } = parse(schema, request);
    const read = readYaml(request.yaml);
    if (!read.ok) return refuse(invalid(read.violations));
    const repeated = repeatedCodes(read.definitions);
    if (repeated.length > 0) return refuse(invalid(repeated));
    return commands.execute({
      method: 'ImportProcedures',
      requestId,
      request,
      requestCodec: ImportProceduresRequest,
      replyCodec: ImportProceduresResponse,
      principal: info.principal,
      command: {
        kind: 'import',
        definitions: read.definitions.map(({ definition }) => ({ id: uuidv7(), definition })),
      },
    });
  };
}

function repeatedCodes(definitions: readonly ReadDefinition[]) {
  const codes = definitions.map(({ definition }) => definition.code);
  return definitions.flatMap(({ line }, i) => {
    const first = codes.indexOf(codes[i] as string);
    if (first === i) return [];
    const description = `line ${line}: is the code of document ${first} too; a code has one draft`;
    return [{ field: `yaml[${i}].code`, description, reason: 'CODE_TWICE' }];
  });
}
