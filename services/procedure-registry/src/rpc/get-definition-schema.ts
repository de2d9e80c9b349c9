import { z } from 'zod';
import { definitionJsonSchema } from '../document/schema.ts';
import { query, Registry } from './deps.ts';

const reply = { jsonSchema: definitionJsonSchema() };

export const getDefinitionSchema = query(Registry.getDefinitionSchema, {
  policy: 'public',
  request: z.object({}),
  handle: () => reply,
});
