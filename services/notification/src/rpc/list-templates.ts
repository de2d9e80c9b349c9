import { z } from 'zod';
import { readNewest, readVersions } from '../store/templates.ts';
import { KNOWN_TEMPLATES } from '../templates/keys.ts';
import { OPERATORS, Operations, query } from './deps.ts';
import { findTemplate, shippedTemplate, toTemplate } from './template-request.ts';

/** The newest version of each template, or every version of one, the newest first. Refuses: TEMPLATE_NOT_FOUND. */
export const listTemplates = query(Operations.listTemplates, {
  policy: OPERATORS,
  request: z.object({ key: z.string() }),
  async handle({ key }, _, { db }) {
    if (key !== '') {
      const known = findTemplate(key);
      const saved = await readVersions(db, key);
      return { templates: [...saved.map(toTemplate), shippedTemplate(known)] };
    }
    const saved = new Map((await readNewest(db)).map((row) => [row.key, toTemplate(row)]));
    return {
      templates: [...KNOWN_TEMPLATES.values()].map((known) => saved.get(known.key) ?? shippedTemplate(known)),
    };
  },
});
