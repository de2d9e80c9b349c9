import type { ListTemplatesRequest, ListTemplatesResponse } from '@lienthong/contracts/notification';
import type { Database } from '@lienthong/kit';
import { readNewest, readVersions } from '../store/templates.ts';
import { KNOWN_TEMPLATES } from '../templates/keys.ts';
import { knownTemplate, shippedTemplate, toTemplate } from './template-request.ts';

/** The newest of each, or every version of one, the newest first. */
export function listTemplates({ db }: { db: Database }) {
  return async ({ key }: ListTemplatesRequest): Promise<ListTemplatesResponse> => {
    if (key !== '') {
      const known = knownTemplate(key);
      const saved = await readVersions(db, key);
      return { templates: [...saved.map(toTemplate), shippedTemplate(known)] };
    }
    const saved = new Map((await readNewest(db)).map((row) => [row.key, toTemplate(row)]));
    return {
      templates: [...KNOWN_TEMPLATES.values()].map((known) => saved.get(known.key) ?? shippedTemplate(known)),
    };
  };
}
