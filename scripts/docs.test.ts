import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = dirname(import.meta.dirname);
const read = (file: string) => readFileSync(join(root, file), 'utf8');

test('every decision has a status, a date and its sections, and stands in the index', () => {
  const index = read('docs/adr/README.md');
  for (const file of globSync('docs/adr/0*.md', { cwd: root }).sort()) {
    const text = read(file);
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
    const [, status, date] = /^Status: ([a-z]+), (\d{4}-\d\d-\d\d)/m.exec(text) ?? [];
    const name = file.slice('docs/adr/'.length);
    expect(Number(number), `number of ${file}`).toBe(Number(name.slice(0, 4)));
    expect(index).toContain(`| ${number} | [${title}](${name}) | ${status} | ${date} |`);
    for (const section of ['Context', 'Decision', 'Alternatives', 'Consequences'])
      expect(text, file).toContain(`\n## ${section}\n`);
  }
});

const pages = globSync('{*.md,{bench,deploy,docs,examples,packages,services}/**/*.md}', {
  cwd: root,
  exclude: (path) => path.endsWith('node_modules'),
});

/** The headings of a page as links name them. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[(.*?)\]\(.*?\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

test('links between pages lead to a page and a heading', () => {
  const broken: string[] = [];
  for (const page of pages)
    for (const [, link = ''] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path = '', anchor = ''] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      const leads =
        existsSync(join(root, target)) &&
        (anchor === '' || !target.endsWith('.md') || anchorsOf(target).includes(anchor));
      if (!leads) broken.push(`${page}: ${link}`);
    }
  expect(pages.length).toBeGreaterThan(30);
  expect(broken).toEqual([]);
});

test('the README lists every page of docs', () => {
  for (const page of globSync('docs/*.md', { cwd: root })) expect(read('README.md')).toContain(`](${page})`);
});

test('every reason in the catalogue of errors is one that the code gives', () => {
  const reasons = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, reason]) => reason);
  const sources = globSync(
    [
      'packages/{http-api,kit,reference-data,signatures}/src/**/*.ts',
      'services/document-routing/src/domain/*.ts',
      'services/rest-gateway/src/**/*.ts',
    ],
    { cwd: root },
  )
    .map(read)
    .join('\n');
  expect(reasons.length).toBeGreaterThan(5);
  expect(reasons.filter((reason) => !sources.includes(`'${reason}'`))).toEqual([]);
});
