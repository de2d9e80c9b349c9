import { rootAt } from '@lienthong/transparency-log';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportLine, type Fault, type LoggedEntry, verifyExport } from '../src/index.ts';
import {
  checkpointOf,
  copyOf,
  exportOf,
  hashesOf,
  keysOf,
  linesOf,
  logOf,
  nodesOf,
  policyOf,
  rowOf,
  rowsOf,
  type TestLog,
} from './log.ts';

const SIZE = 600;
const keys = keysOf();
const log = logOf(rowsOf(SIZE), keys);
const policy = policyOf(keys);

const faultOf = (lines: readonly string[], options: object = {}): Promise<Fault> =>
  verifyExport(linesOf(lines), { policy, ...options }).then(
    () => expect.fail('it was believed'),
    (fault) => fault,
  );

test('every range of a log verifies against the one checkpoint, and shows the roots within it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(SIZE), fc.nat(SIZE), async (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const middle = Math.floor((from + to) / 2);
      const sizes = [from, middle, to];
      const { checkpoint, roots } = await verifyExport(linesOf(await exportOf(log, from, to)), {
        policy,
        sizes,
      });
      expect(checkpoint).toMatchObject({ size: SIZE, cosignatures: [{ witness: keys.witness.name }] });
      for (const size of [...sizes, SIZE])
        expect(roots.get(size)).toEqual(await rootAt(nodesOf(log.hashes), size));
    }),
    { numRuns: 12 },
  );
});

test('entries without their content verify: only the content is not shown', async () => {
  const bare = { ...log, rows: log.rows.map(({ index, record }) => ({ index, record })) };
  await verifyExport(linesOf(await exportOf(bare, 10, 20)), { policy });
  const [head = '', line = ''] = await exportOf(log, 10, 11);
  const { salt: _, ...unsalted } = JSON.parse(line);
  expect(await faultOf([head, JSON.stringify(unsalted)])).toMatchObject({ reason: 'FILE_MALFORMED' });
});

const renumber = (copy: TestLog, rows: readonly LoggedEntry[]) => {
  copy.rows = rows.map((row, index) => ({ ...row, index }));
};

describe('names the leaf', () => {
  const changes: [string, (copy: TestLog) => void, object][] = [
    [
      'whose payload has one other byte',
      ({ rows }) => rows[250]?.content?.payload.writeUInt8(0),
      { reason: 'CONTENT_CHANGED', leaf: 250 },
    ],
    [
      'whose record, commitment and payload were replaced',
      ({ rows }) => rows.splice(250, 1, rowOf(250)),
      { reason: 'RECORD_CHANGED', leaf: 250 },
    ],
    [
      'whose record has another officer',
      ({ rows }) => Object.assign(rows[399]?.record.actor as object, { officerId: 'người khác' }),
      { reason: 'RECORD_CHANGED', leaf: 399 },
    ],
    ['that was deleted', ({ rows }) => rows.splice(250, 1), { reason: 'LEAF_MISSING', leaf: 250 }],
    [
      'that was deleted, where later rows take its place',
      (copy) => renumber(copy, copy.rows.toSpliced(250, 1)),
      { reason: 'RECORD_CHANGED', leaf: 250 },
    ],
    [
      'before which a row was inserted',
      (copy) => renumber(copy, copy.rows.toSpliced(250, 0, rowOf(250))),
      { reason: 'RECORD_CHANGED', leaf: 250 },
    ],
    [
      'that was swapped with the next',
      ({ rows }) =>
        rows.splice(250, 2, { ...rows[251], index: 250 } as never, { ...rows[250], index: 251 } as never),
      { reason: 'RECORD_CHANGED', leaf: 250 },
    ],
  ];
  test.each(changes)('%s', async (_, change, expected) => {
    const copy = copyOf(log);
    change(copy);
    expect(await faultOf(await exportOf(copy, 100, 500))).toMatchObject(expected);
  });

  test('in Vietnamese and English, with what it is', async () => {
    const copy = copyOf(log);
    copy.rows[7]?.content?.payload.writeUInt8(0);
    const { vi, message } = await faultOf(await exportOf(copy));
    expect(vi).toBe(
      'Lá 7: nội dung không phải nội dung mà bản ghi đã cam kết (routing 8 lienthong.routing.v1.DocumentIssued)',
    );
    expect(message).toContain('Leaf 7: the payload is not the one that the record commits to (routing 8 ');
  });

  test('after which the file ends', async () => {
    const lines = await exportOf(log, 100, 500);
    expect(await faultOf(lines.slice(0, -1))).toMatchObject({ reason: 'LEAF_MISSING', leaf: 499 });
  });
});

describe('a leaf that was changed in the table and in the tiles', () => {
  const copy = copyOf(log);
  copy.rows.splice(250, 1, rowOf(250));
  copy.hashes = hashesOf(copy.rows);

  test('makes another tree', async () => {
    expect(await faultOf(await exportOf(copy, 100, 500))).toMatchObject({ reason: 'TREE_DIFFERENT' });
  });

  test('is named by a copy of the tiles', async () => {
    const hashOf = async (index: number) => log.hashes[index];
    const lines = await exportOf(copy, 100, 500);
    expect(await faultOf(lines, { hashOf })).toMatchObject({ reason: 'RECORD_CHANGED', leaf: 250 });
  });
});

test('a checkpoint of strangers is refused, and so is a file that is none', async () => {
  const [head = '', ...lines] = await exportOf(log);
  const { checkpoint: _, ...header } = JSON.parse(head);
  const stranger = checkpointOf(log.hashes, keysOf());
  const other = checkpointOf(log.hashes, keys, 'khac.example.vn/nhat-ky');
  for (const checkpoint of [stranger, other]) {
    const fault = await faultOf([JSON.stringify({ ...header, checkpoint }), ...lines]);
    expect(fault).toMatchObject({ reason: 'CHECKPOINT_REFUSED' });
    expect(fault.vi).toMatch('Điểm kiểm tra không đáng tin (');
  }
  const malformed: string[][] = [
    [],
    ['{'],
    ['{}'],
    lines,
    [head, 'null', ...lines.slice(1)],
    [head, ...lines, lines[0] as string],
    [head.replace('"to":600', '"to":601'), ...lines],
    [head.replace('"before":[]', '"before":["AAAA"]'), ...lines],
    [head.replace('"after":[]', `"after":["${Buffer.alloc(32).toString('base64')}"]`), ...lines],
    [head, (lines[0] as string).replace('"version":1', '"version":1,"note":"thêm"'), ...lines.slice(1)],
    [head, (lines[0] as string).replace(/"salt":"./, '"salt":"!'), ...lines.slice(1)],
    [head, exportLine(log.rows[0] as never, Buffer.alloc(31)), ...lines.slice(1)],
  ];
  for (const file of malformed)
    expect(await faultOf(file), file.slice(0, 2).join('').slice(0, 300)).toMatchObject({
      reason: 'FILE_MALFORMED',
    });
});
