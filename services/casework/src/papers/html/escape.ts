import { printable } from '../text/printable.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that means nothing but itself, in element content and in quoted attributes. */
export const escapeText = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

/** The same, with its lines. */
export const escapeLines = (text: string): string => escapeText(text).replaceAll('\n', '<br>');
