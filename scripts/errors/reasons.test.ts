import { expect, test } from 'vitest';
import { catalogue, INTERNAL, readSource, sourceFiles } from './catalogue.ts';
import { reasonsIn } from './reasons.ts';

const page = catalogue();

/** Area, reason and status of each row; the words may be older than the code's. */
const rowsOf = (text: string) =>
  text.split('\n## ').flatMap((section) => {
    const [area, ...lines] = section.split('\n');
    return lines.flatMap((line) => {
      const [, reason, status] = /^\| `([A-Z0-9_]+)` \| ([^|]+) \|/.exec(line) ?? [];
      return reason === undefined ? [] : `${area}: ${reason} ${status}`;
    });
  });

test('docs/reasons.md has the reasons of the code; if not, run `node scripts/errors.ts`', () => {
  expect(rowsOf(readSource('docs/reasons.md'))).toEqual(rowsOf(page));
  expect(rowsOf(page).length).toBeGreaterThan(400);
});

test('every row says what is wrong', () => {
  expect(page.split('\n').filter((line) => /^\| `.*\|\s*\|$/.test(line))).toEqual([]);
});

/** Texts in capitals that are no reasons of refusals. */
const OTHER = new Set([
  ...['WHEN_REQUIRED', 'EAI_AGAIN', 'ERR_WORKER_OUT_OF_MEMORY'],
  ...['LIENTHONG_SEALING_KEYS', 'WEBHOOK_LEASE_MS', 'TRACES_TEMPO_URL', 'DEFAULT_HOURS'],
  // Why a message did not reach somebody: FailureReason and EventsLost, not refusals of calls.
  ...[
    'NOT_SENT',
    'GIVEN_UP',
    'NOT_KEPT_ANY_MORE',
    'ADDRESS_INVALID',
    'ADDRESS_SEALED',
    'ADDRESS_UNREACHABLE',
  ],
  ...['NO_ADDRESS', 'NO_RECEIVER', 'PROVIDER_RESULT', 'TEMPLATE_FAILED'],
]);

test('every reason that the code writes stands in the catalogue', () => {
  const known = `${page}${readSource('docs/errors.md')}`;
  const missing = sourceFiles().flatMap((file) =>
    [...readSource(file).matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)]
      .map(([, name = '']) => name)
      .filter((name) => !known.includes(`\`${name}\``) && !OTHER.has(name) && !INTERNAL.has(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test('a reason is found with its status and its words, however it is written', () => {
  const uses = reasonsIn(`
    const far = \`\${name} is too far; come nearer\`;
    refuse({ kind: 'not-found', reason: 'PLACE_UNKNOWN', message: far });
    precondition(isLate ? 'TOO_LATE' : 'TOO_EARLY', 'is ' + 'not now');
    context.addIssue({ code: 'custom', message: 'must be even', params: { reason: 'NUMBER_ODD' } });
    check(isWrong, 'field', 'FIELD_WRONG', 'must be right');
    class Gone extends Error { readonly reason = 'GONE_AWAY' }
  `);
  const found = uses.map(({ reason, kind, text }) => [reason, kind, text]);
  expect(found).toContainEqual(['PLACE_UNKNOWN', 'not-found', '… is too far; come nearer']);
  expect(found).toContainEqual(['TOO_LATE', 'failed-precondition', 'is not now']);
  expect(found).toContainEqual(['TOO_EARLY', 'failed-precondition', 'is not now']);
  expect(found).toContainEqual(['NUMBER_ODD', undefined, 'must be even']);
  expect(found).toContainEqual(['FIELD_WRONG', undefined, 'must be right']);
  expect(found).toContainEqual(['GONE_AWAY', undefined, undefined]);
});
