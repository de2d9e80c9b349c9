import { describe, expect, test } from 'vitest';
import { generateSignerKey, parsePolicy, readSigner } from '../src/index.ts';

const keyOf = (name: string, kind: 'note' | 'cosignature') =>
  readSigner(generateSignerKey(name, kind)).verifierKey;
const [log, newer, other] = ['a.vn/log', 'a.vn/log', 'b.vn/log'].map((name) => keyOf(name, 'note'));
const [one, two, three] = ['w.vn/1', 'w.vn/2', 'w.vn/3'].map((name) => keyOf(name, 'cosignature'));
const witnesses = `witness W1 ${one}\nwitness W2 ${two} https://w.vn/2/\nwitness W3 ${three}\n`;

const summaryOf = (text: string) => {
  const { origin, log, witnesses, quorum } = parsePolicy(text);
  return { origin, keys: log.length, witnesses: witnesses.map(({ name }) => name), quorum };
};

test.each([
  [`log ${log}\nquorum none\n`, { keys: 1, witnesses: [], quorum: 0 }],
  [
    `# hai khóa\n\n log\t${log} https://a.vn/\nlog ${newer}\nquorum none`,
    { keys: 2, witnesses: [], quorum: 0 },
  ],
  [`log ${log}\n${witnesses}quorum W2\n`, { keys: 1, witnesses: ['w.vn/2'], quorum: 1 }],
  [
    `log ${log}\n${witnesses}group g any W1 W3\nquorum g`,
    { keys: 1, witnesses: ['w.vn/1', 'w.vn/3'], quorum: 1 },
  ],
  [
    `log ${log}\n${witnesses}group g all W1 W3\nquorum g`,
    { keys: 1, witnesses: ['w.vn/1', 'w.vn/3'], quorum: 2 },
  ],
  [
    `log ${log}\n${witnesses}group g 2 W1 W2 W3\nquorum g`,
    { keys: 1, witnesses: ['w.vn/1', 'w.vn/2', 'w.vn/3'], quorum: 2 },
  ],
])('policy %#', (text, expected) => {
  expect(summaryOf(text)).toEqual({ origin: 'a.vn/log', ...expected });
});

describe('refuses', () => {
  const groups = `${witnesses}group g any W1 W2\n`;
  test.each([
    ['no quorum', `log ${log}\n`],
    ['two quorums', `log ${log}\nquorum none\nquorum none`],
    ['no log', 'quorum none'],
    ['two logs', `log ${log}\nlog ${other}\nquorum none`],
    ['a witness as a log', `log ${one}\nquorum none`],
    ['a log as a witness', `log ${log}\nwitness W1 ${log}\nquorum W1`],
    ['a key that is missing', `log ${log}\nwitness W1\nquorum W1`],
    ['a name that is taken', `log ${log}\n${witnesses}witness W1 ${two}\nquorum W1`],
    ['the name none', `log ${log}\nwitness none ${one}\nquorum none`],
    ['a quorum that is defined later', `log ${log}\nquorum W1\n${witnesses}`],
    ['a group of groups', `log ${log}\n${groups}group h any g\nquorum h`],
    ['a group of nobody', `log ${log}\ngroup g any\nquorum g`],
    ['a witness twice in a group', `log ${log}\n${witnesses}group g 2 W1 W1\nquorum g`],
    ['a threshold of 0', `log ${log}\n${witnesses}group g 0 W1\nquorum g`],
    ['a threshold above the members', `log ${log}\n${witnesses}group g 3 W1 W2\nquorum g`],
    ['an unknown word', `log ${log}\nlogs x\nquorum none`],
  ])('%s', (_, text) => {
    expect(() => parsePolicy(text)).toThrow(expect.objectContaining({ name: 'VerificationError' }));
  });
});
