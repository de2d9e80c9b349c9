import type { GetDefinitionSchemaResponse } from '@lienthong/contracts/registry';
import { definitionJsonSchema } from '../document/schema.ts';

export function getDefinitionSchema() {
  const reply: GetDefinitionSchemaResponse = { jsonSchema: definitionJsonSchema() };
  return async (): Promise<GetDefinitionSchemaResponse> => reply;
}
