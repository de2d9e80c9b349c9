/** Phrases that several English templates use. */

export const letter = (...paragraphs: string[]): string =>
  [
    'Dear Sir or Madam,',
    ...paragraphs,
    'Yours faithfully.',
    'This message was sent automatically from an address that takes no replies; please do not reply to it.',
  ].join('\n\n');

const PROVISIONAL = '{dueProvisional, select, 1 {, provisional} other {}}';
export const DUE = `{dueAt, time, short} on {dueAt, date, full}${PROVISIONAL}`;
/** A part of an SMS has 70 characters. */
export const SHORT_DUE = `{dueAt, time, short} on {dueAt, date, long}${PROVISIONAL}`;
