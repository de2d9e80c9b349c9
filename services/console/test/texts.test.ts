import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import IntlMessageFormat from 'intl-messageformat';
import { expect, test } from 'vitest';

const read = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../app/src/text', name), 'utf8'));
const [vi, en] = [read('vi.json'), read('en.json')];

/** Areas of the code whose refusals reach the pages. */
const AREAS = [
  'casework',
  'document-routing',
  'eventlog',
  'file-store',
  'kit',
  'procedure-registry',
  'reference-data',
  'traces',
  'workflow',
];
/** The names of what a message fills in. */
function placesOf(message: string): string[] {
  const names = new Set<string>();
  JSON.stringify(new IntlMessageFormat(message, 'vi').getAst(), (key, value) => {
    // 0: text, 7: "#".
    if (typeof value === 'object' && value !== null && 'type' in value && ![0, 7].includes(value.type))
      names.add(value.value);
    return key === 'location' ? undefined : value;
  });
  return [...names].sort();
}

test('every text is there in both languages, in order, and fills in the same', () => {
  expect(Object.keys(vi)).toEqual(Object.keys(vi).toSorted());
  expect(Object.keys(en)).toEqual(Object.keys(vi));
  for (const key of Object.keys(vi))
    expect([key, placesOf(en[key] ?? '')]).toEqual([key, placesOf(vi[key] ?? '')]);
});

test('refusals of documents, dossiers, procedures, files and operation have Vietnamese words', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/reasons.md'), 'utf8');
  const given = page.split('\n## ').flatMap((section) => {
    const area = section.slice(0, section.indexOf('\n'));
    return AREAS.includes(area)
      ? [...section.matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, reason = '']) => reason)
      : [];
  });
  const reasons = read('reasons.vi.json');
  expect(given.length).toBeGreaterThan(100);
  expect(given.filter((reason) => !(reason in reasons))).toEqual([]);
});

test('texts and refusals are NFC, and no refusal is there twice in other words', () => {
  const reasons = read('reasons.vi.json');
  for (const text of [...Object.values(vi), ...Object.values(reasons)])
    expect(text.normalize('NFC')).toBe(text);
  expect(Object.keys(reasons)).toEqual(Object.keys(reasons).toSorted());
});
