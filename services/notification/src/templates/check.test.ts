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
    "Mẫu '{khong_phai_bien}' và ''{dossierCode}'', it''s {dossierCode}",
    '{dueAt, date, ::yyyyMMdd} {dueAt, time}',
    '{taskName, select, Khác {x} other {y}}',
  ])('passes %s', (body) => {
    expect(bodyProblems(body)).toEqual([]);
  });

  it.each([
    ['Hồ sơ {dossierCode', 'TEMPLATE_SYNTAX', 'line 1, column 7: is not valid ICU MessageFormat'],
    ['{dossierCode, select, a {x}}', 'TEMPLATE_SYNTAX', 'missing other clause'],
    ['{dueAt, date, ::nonsense}', 'TEMPLATE_SYNTAX', 'is not valid ICU MessageFormat'],
    [
      'Dòng một\nHồ sơ {soHoSo}',
      'VARIABLE_UNKNOWN',
      'line 2, column 7: this topic has no variable "soHoSo"; use dossierCode',
    ],
    ['{hasDueAt, select, true {{nope}} other {}} x', 'VARIABLE_UNKNOWN', 'no variable "nope"'],
    ['{constructor}', 'VARIABLE_UNKNOWN', 'no variable "constructor"'],
    [
      '{dueAt}',
      'VARIABLE_TYPE',
      'line 1, column 1: "dueAt" is a time: write {dueAt, date, short} or {dueAt, time, short}',
    ],
    ['{dossierCode, date, short}', 'VARIABLE_TYPE', '"dossierCode" is not a date'],
    ['{dossierCode, plural, other {#}}', 'VARIABLE_TYPE', '"dossierCode" is not a number'],
    ['{hasDueAt}', 'VARIABLE_TYPE', 'write {hasDueAt, select, true {…} other {…}}'],
    ['{dueAt, date, ngắn}', 'STYLE_UNKNOWN', 'the style "ngắn" is unknown; use short, medium, long, full'],
    [
      "Dòng một\nHồ sơ '{dossierCode}' quá hạn",
      'VARIABLE_QUOTED',
      'line 2, column 8: "dossierCode" is between apostrophes and is not filled in',
    ],
    ["'{dueAt, date, short}'", 'VARIABLE_QUOTED', 'line 1, column 2: "dueAt"'],
    ["'{ dossierCode }", 'VARIABLE_QUOTED', '"dossierCode"'],
    ["{hasDueAt, select, true {Hạn '{dueAt}'} other {x}}", 'VARIABLE_QUOTED', 'line 1, column 31: "dueAt"'],
    ['{hasDueAt, select, true {} other {}}', 'TEMPLATE_EMPTY', 'gives an empty text'],
    ['x'.repeat(10_001), 'FIELD_TOO_LONG', 'must be at most 10000 characters; it has 10001'],
  ])('names the place and the problem of %s', (body, reason, description) => {
    const [violation, ...more] = bodyProblems(body);
    expect(more).toEqual([]);
    expect(violation).toMatchObject({ field: 'body', reason });
    expect(violation?.description).toContain(description);
  });

  it('names every quoted variable, each at its place', () => {
    const found = bodyProblems("'{dossierCode}' {dossierCode} '{dossierCode} {taskName}'").map(
      ({ reason, description }) => `${reason} ${description.split(':')[0]}`,
    );
    expect(found).toEqual([
      'VARIABLE_QUOTED line 1, column 2',
      'VARIABLE_QUOTED line 1, column 32',
      'VARIABLE_QUOTED line 1, column 46',
    ]);
  });

  it('knows a day has no time', () => {
    const directive = template('directive-due/email/vi');
    expect(bodyProblems('{dueOn, time, short}', directive)[0]?.description).toContain(
      '"dueOn" is not a time',
    );
  });

  it('names all problems of title and body at once', () => {
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
