import type { Template } from '@lienthong/contracts/notification';
import { refuse } from '@lienthong/kit';
import type { TemplateRow } from '../store/templates.ts';
import { KNOWN_TEMPLATES, type KnownTemplate } from '../templates/keys.ts';

/** The shipped template of a key. Refuses: TEMPLATE_NOT_FOUND. */
export function findTemplate(key: string): KnownTemplate {
  const known = KNOWN_TEMPLATES.get(key);
  if (known !== undefined) return known;
  return refuse({
    kind: 'not-found',
    reason: 'TEMPLATE_NOT_FOUND',
    message: 'no template has this key; ListTemplates returns all keys',
  });
}

/** Version 1 of every template is the shipped one; no operator saved it. */
export const shippedTemplate = ({ key, title, body }: KnownTemplate): Template => ({
  key,
  version: 1,
  title,
  body,
  savedAt: undefined,
  savedBy: '',
});

export const toTemplate = ({ key, version, title, body, saved_at, saved_by }: TemplateRow): Template => ({
  key,
  version,
  title,
  body,
  savedAt: saved_at,
  savedBy: saved_by,
});
