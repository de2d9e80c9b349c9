// Control characters and marks that turn the direction of text: on a paper they could only hide or reorder what is read.
const INVISIBLE =
  /[\p{Cc}\p{Co}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Text as a paper shows it: in NFC, lines ended by \n, without invisible characters. */
export const printable = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/\t/g, ' ')
    .replace(INVISIBLE, (one) => (one === '\n' ? one : ''));
