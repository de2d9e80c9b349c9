/** The catalogue of reasons, as a page of Markdown. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorKind } from '@lienthong/kit/pure';
import { type ReasonUse, reasonsIn } from './reasons.ts';

/** What calls of the platform run through. Gateways and applications that call it give no reasons of their own to callers. */
export const SOURCES = [
  'packages/{kit,eventlog,file-store,http-api,reference-data,signatures,workflow,working-time}/src/**/*.ts',
  'services/{agency-directory,procedure-registry,document-routing,casework,feed,notification,audit,traces,rest-gateway}/src/**/*.ts',
];

export const isSource = (file: string): boolean =>
  !/\.test\.ts$|\/testing(\.ts|\/)|\/standalone\//.test(file);

const root = join(import.meta.dirname, '../..');

export const sourceFiles = (): string[] => globSync(SOURCES, { cwd: root }).filter(isSource).sort();
export const readSource = (file: string): string => readFileSync(join(root, file), 'utf8');

const HEAD = `# Reasons

Every reason that the code gives, from its own messages, which say what is wrong and what to do; \`…\` stands for what a message fills in. [Errors](errors.md) explains the statuses, and the reasons that any method may give. Where the status is "field", the reason is of a wrong field in \`BadRequest\`; the call ends with INVALID_ARGUMENT, or with the status of another row of that reason.

\`node scripts/errors.ts\` writes this page from the sources.
`;

/** Of reasons whose message is made where the sources do not show it beside the reason. */
const WORDS: Readonly<Record<string, string>> = {
  CODE_AMBIGUOUS: 'two agencies have the code on that day; have the directory corrected',
  CODE_NOT_VALID_AT_DATE: 'no agency has the code on that day; check code and date',
  CODE_UNKNOWN: 'no agency has or had the code; check it',
  DATA_IDENTITY_INVALID: 'must be a number of the kind of document; the description says its form',
  DATA_INVALID: 'each wrong path of the data is a field with a reason of its own; correct them all',
  EFFECTIVE_DATE_TOO_EARLY: 'must be today or later, and after the first day of the version before',
  END_DATE_TOO_EARLY: "must be today or later, and after the version's first day",
  ENTRIES_ARCHIVED: 'the oldest entries of the range are archived; ask for what is kept, or read the archive',
  FEE_NOT_COMPUTED: 'no rule of the procedure gives the fee, or two do; the fields name what decides',
  OUTSIDE_CALENDAR:
    "the date is outside the calendar's years; use another date, or have the calendar widened",
  PATTERN_INVALID: 'must be a regular expression of RE2; the description says what is wrong in it',
  TOO_LARGE: 'must be smaller; the description says the most',
  ATTACHMENT_SIZE_INVALID: 'must be the exact size, within the limit that the description names',
  FILE_SIZE_INVALID: 'must be the exact size, within the limit that the description names',
  SUCCESSOR_ENDED: 'the successor ends by that day; name the agency that has its work',
  SUCCESSOR_NOT_YET_ESTABLISHED: 'the successor is established later; use that day or a later one',
  VALUE_INVALID: 'must be a value of the type of the variable; the description says which',
  VARIABLE_TYPE: 'the template uses a variable as another type than it is; the description says where',
};

/** Reasons that no caller gets: of providers and responders that answer the platform, and of its logs. */
export const INTERNAL: ReadonlySet<string> = new Set([
  'CALLER_GONE',
  'OCSP_NOT_BELIEVED',
  'OCSP_WITHOUT_STATUS',
  'RESPONSE_INVALID',
  'TOO_MANY_AT_ONCE',
]);

/** The longest text of a row. */
const MAX_TEXT = 400;
/** Places of one reason with other words. */
const MAX_TEXTS = 4;

/** The page, from all sources. */
export function catalogue(): string {
  const byArea = Map.groupBy(sourceFiles(), (file) => file.split('/')[1] as string);
  const sections = [...byArea].sort().flatMap(([area, files]) => {
    const uses = files.flatMap((file) => reasonsIn(readSource(file)));
    const rows = rowsOf(uses.filter(({ reason }) => !INTERNAL.has(reason)));
    if (rows.length === 0) return [];
    return `\n## ${area}\n\n| reason | status | what is wrong, and what to do |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return HEAD + sections.join('');
}

/** What errors.md says to do about the reasons that any method may give. */
const general = new Map(
  [...readSource('docs/errors.md').matchAll(/^\| (`[^|]+) \| [^|]+ \| (.+) \|$/gm)].flatMap(
    ([, names = '', words = '']) =>
      [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => [name, words] as const),
  ),
);

function rowsOf(uses: readonly ReasonUse[]): string[] {
  return [...Map.groupBy(uses, ({ reason }) => reason)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, all]) => {
      const statuses = [...new Set(all.map(({ kind }) => statusOf(kind)))];
      const known = statuses.length > 1 ? statuses.filter((status) => status !== 'field') : statuses;
      const given = [...new Set(all.flatMap(({ text }) => text ?? []))];
      const texts =
        given.length > 0 ? given.slice(0, MAX_TEXTS) : [WORDS[reason] ?? general.get(reason) ?? ''];
      return `| \`${reason}\` | ${known.join(', ')} | ${texts.map(toCell).join('<br>')} |`;
    });
}

const statusOf = (kind: ErrorKind | undefined): string =>
  kind === undefined ? 'field' : kind.toUpperCase().replaceAll('-', '_');

function toCell(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;').trim();
  return plain.length <= MAX_TEXT ? plain : `${plain.slice(0, MAX_TEXT)}…`;
}
