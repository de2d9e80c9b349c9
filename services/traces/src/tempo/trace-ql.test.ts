import { expect, test } from 'vitest';
import { toTraceQl } from './trace-ql.ts';

const all = { stories: {}, failedOnly: false, slowerThanUs: 0, fromUs: undefined, toUs: undefined };

test('what must hold is joined, each for some span of the trace', () => {
  expect(toTraceQl(all)).toBe('{ }');
  const stories = { 'lienthong.dossier': 'H61.1-260115-0001', 'lienthong.agency': '' };
  expect(toTraceQl({ ...all, stories, failedOnly: true, slowerThanUs: 2_500 })).toBe(
    '{ span.lienthong.dossier = "H61.1-260115-0001" } && { status = error } && { traceDuration > 2500us }',
  );
});

test('what a caller writes stays a text', () => {
  const stories = { 'lienthong.dossier': '" } || { "\\' };
  expect(toTraceQl({ ...all, stories })).toBe('{ span.lienthong.dossier = "\\" } || { \\"\\\\" }');
});
