/** Phrases that several Vietnamese templates use. */

export const letter = (...paragraphs: string[]): string =>
  [
    'Kính gửi Ông/Bà,',
    ...paragraphs,
    'Trân trọng.',
    'Thư này được gửi tự động từ địa chỉ không nhận thư trả lời; kính đề nghị Ông/Bà không trả lời thư này.',
  ].join('\n\n');

const PROVISIONAL = '{dueProvisional, select, 1 {, tạm tính} other {}}';
export const DUE = `{dueAt, time, long}, {dueAt, date, full}${PROVISIONAL}`;
/** A part of an SMS has 70 characters. */
export const SHORT_DUE = `{dueAt, time, short} ngày {dueAt, date, short}${PROVISIONAL}`;
