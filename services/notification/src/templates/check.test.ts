import { describe, expect, it } from 'vitest';
import { checkTemplate } from './check.ts';
import { KNOWN_TEMPLATES, type KnownTemplate } from './keys.ts';

const template = (key: string) => KNOWN_TEMPLATES.get(key) as KnownTemplate;
const task = template('overdue/email/vi');
const bodyProblems = (body: string, of = task) => checkTemplate(of, { title: 'Quá hạn', body });

describe('checking a template', () => {
  it.each([...KNOWN_TEMPLATES.values()])('passes the shipped $key', (one) => {
    expect(checkTemplate(one, one)).toEqual([]);
  });

  it.each([
    'Hồ sơ {dossierCode}',
    "Dấu ngoặc '{' là chữ, <b> cũng vậy, it's too",
    '{dueAt, date, ::yyyyMMdd} {dueAt, time}',
    '{taskName, select, Khác {x} other {y}}',
  ])('passes %s', (body) => {
    expect(bodyProblems(body)).toEqual([]);
  });

  it.each([
    ['Hồ sơ {dossierCode', 'TEMPLATE_SYNTAX', 'line 1, column 7: is not ICU MessageFormat'],
    ['{dossierCode, select, a {x}}', 'TEMPLATE_SYNTAX', 'missing other clause'],
    ['{dueAt, date, ::nonsense}', 'TEMPLATE_SYNTAX', 'is not ICU MessageFormat'],
    [
      'Dòng một\nHồ sơ {soHoSo}',
      'VARIABLE_UNKNOWN',
      'line 2, column 7: "soHoSo" is no variable of this topic; there are dossierCode',
    ],
    ['{hasDueAt, select, true {{nope}} other {}} x', 'VARIABLE_UNKNOWN', '"nope" is no variable'],
    ['{constructor}', 'VARIABLE_UNKNOWN', '"constructor" is no variable'],
    [
      '{dueAt}',
      'VARIABLE_TYPE',
      'line 1, column 1: "dueAt" is a time: write {dueAt, date, short} or {dueAt, time, short}',
    ],
    ['{dossierCode, date, short}', 'VARIABLE_TYPE', '"dossierCode" is not a date'],
    ['{dossierCode, plural, other {#}}', 'VARIABLE_TYPE', '"dossierCode" is not a number'],
    ['{hasDueAt}', 'VARIABLE_TYPE', 'write {hasDueAt, select, true {…} other {…}}'],
    ['{dueAt, date, ngắn}', 'STYLE_UNKNOWN', '"ngắn" is no style; there are short, medium, long, full'],
    ['{hasDueAt, select, true {} other {}}', 'TEMPLATE_EMPTY', 'gives an empty text'],
    ['x'.repeat(10_001), 'FIELD_TOO_LONG', 'must be at most 10000 characters; it has 10001'],
  ])('says of %s where and what is wrong', (body, reason, description) => {
    const [violation, ...more] = bodyProblems(body);
    expect(more).toEqual([]);
    expect(violation).toMatchObject({ field: 'body', reason });
    expect(violation?.description).toContain(description);
  });

  it('knows a day has no time', () => {
    const directive = template('directive-due/email/vi');
    expect(bodyProblems('{dueOn, time, short}', directive)[0]?.description).toContain(
      '"dueOn" is not a time',
    );
  });

  it('says everything at once, of title and body', () => {
    const fields = checkTemplate(task, { title: '{a}\n{b}', body: '{c}' }).map(
      ({ field, reason }) => `${field} ${reason}`,
    );
    expect(fields).toEqual([
      'title VARIABLE_UNKNOWN',
      'title VARIABLE_UNKNOWN',
      'body VARIABLE_UNKNOWN',
      'title TITLE_NOT_ONE_LINE',
    ]);
  });
});
