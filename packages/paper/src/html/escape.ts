import { printable } from '../printable.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for element content and quoted attributes. */
export const escapeText = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

/** Escapes text and keeps its lines. */
export const escapeLines = (text: string): string => escapeText(text).replaceAll('\n', '<br>');
