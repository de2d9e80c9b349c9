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

test('links of the documents at the root and in docs lead somewhere', () => {
  const broken: string[] = [];
  for (const file of globSync(['*.md', 'docs/**/*.md', 'bench/*.md', 'deploy/**/*.md'], { cwd: root }))
    for (const [, target = ''] of read(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g))
      if (!/^https?:/.test(target) && !existsSync(join(root, dirname(file), target)))
        broken.push(`${file}: ${target}`);
  expect(broken).toEqual([]);
});

test('every reason in the catalogue of errors is one that the code gives', () => {
  const reasons = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, reason]) => reason);
  const sources = globSync(
    ['packages/{kit,reference-data,signatures}/src/**/*.ts', 'services/document-routing/src/domain/*.ts'],
    { cwd: root },
  )
    .map(read)
    .join('\n');
  expect(reasons.length).toBeGreaterThan(5);
  expect(reasons.filter((reason) => !sources.includes(`'${reason}'`))).toEqual([]);
});
