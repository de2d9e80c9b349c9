import { encodeEvent, eventContracts } from '@lienthong/contracts/events';
import { proveInclusion } from '@lienthong/transparency-log';
import { expect, test } from 'vitest';
import { evidencePage } from '../src/file/page.ts';
import {
  evidenceFile,
  Fault,
  gapsOf,
  type LoggedEntry,
  papersOf,
  parseEvidence,
  storyOf,
  verifyEvidence,
} from '../src/index.ts';
import { checkpointOf, keysOf, logOf, nodesOf, policyOf, rowOf, rowsOf, type TestLog } from './log.ts';

const DOCUMENT = '01990000-0000-7000-8000-000000000002';
const SHA256 = 'ab'.repeat(32);
const keys = keysOf();

/** A log with a document's three events among those of others. */
const log = (() => {
  const rows = rowsOf(300);
  const type = 'lienthong.routing.v1.DocumentIssued';
  const attachments = [{ sha256: SHA256, name: 'Kế hoạch <1>.pdf' }];
  const issued = encodeEvent(type, eventContracts[type].codec.fromPartial({ document: { attachments } }));
  [10, 100, 290].forEach((index, n) => {
    const row = rowOf(index, Buffer.from(issued));
    Object.assign(row.record, { documentId: DOCUMENT, aggregateId: DOCUMENT, aggregateVersion: n + 1 });
    rows[index] = row;
  });
  return logOf(rows, keys);
})();
const policy = policyOf(keys);

async function fileOf({ rows, hashes, checkpoint }: TestLog, indexes = [10, 100, 290]): Promise<string> {
  const entries = indexes.map(async (index) => ({
    ...(rows[index] as LoggedEntry),
    proof: await proveInclusion(nodesOf(hashes), index, hashes.length),
  }));
  return evidenceFile({ subject: { documentId: DOCUMENT }, checkpoint, entries: await Promise.all(entries) });
}

const faultOf = (file: string): Fault => {
  try {
    verifyEvidence(file, policy);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  return expect.fail('it was believed');
};

test('a file of a document is believed, and has its story and papers', async () => {
  const file = await fileOf(log);
  const { entries, checkpoint, digest } = verifyEvidence(file, policy);
  expect(checkpoint.size).toBe(300);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  const story = storyOf(entries);
  expect(story.map(({ leaf, label }) => [leaf, label])).toEqual([
    [10, 'Phát hành văn bản'],
    [100, 'Phát hành văn bản'],
    [290, 'Phát hành văn bản'],
  ]);
  expect(papersOf(story)).toEqual([{ sha256: SHA256, name: 'Kế hoạch <1>.pdf', leaf: 10 }]);
  expect(gapsOf(entries)).toEqual([]);
  // Written again it is the same file.
  expect(evidenceFile(parseEvidence(file))).toBe(file);
});

test('what was left out in the middle is seen', async () => {
  const { entries } = verifyEvidence(await fileOf(log, [10, 290]), policy);
  expect(gapsOf(entries)).toEqual([{ aggregateId: DOCUMENT, versions: [2] }]);
});

test('each change names its leaf', async () => {
  const file = await fileOf(log);
  const json = JSON.parse(file);
  const changed = (change: (copy: typeof json) => void): Fault => {
    const copy = structuredClone(json);
    change(copy);
    return faultOf(JSON.stringify(copy));
  };
  const payload = Buffer.from('khác').toString('base64');
  expect(changed((copy) => Object.assign(copy.entries[1], { payload }))).toMatchObject({
    reason: 'CONTENT_CHANGED',
    leaf: 100,
  });
  expect(changed((copy) => Object.assign(copy.entries[1].record.actor, { officerId: 'khác' }))).toMatchObject(
    {
      reason: 'PROOF_FALSE',
      leaf: 100,
    },
  );
  for (const beside of [99, 101])
    expect(changed((copy) => Object.assign(copy.entries[1], { index: beside }))).toMatchObject({
      reason: 'PROOF_FALSE',
      leaf: beside,
    });
  expect(changed((copy) => copy.entries[1].proof.pop())).toMatchObject({ reason: 'PROOF_FALSE' });
  expect(changed((copy) => copy.entries.reverse())).toMatchObject({ reason: 'FILE_MALFORMED' });
  expect(changed((copy) => Object.assign(copy.entries[0], { label: 'thêm' }))).toMatchObject({
    reason: 'FILE_MALFORMED',
  });
  expect(changed((copy) => Object.assign(copy.subject, { documentId: crypto.randomUUID() }))).toMatchObject({
    reason: 'SUBJECT_DIFFERENT',
    leaf: 10,
  });
  const stranger = checkpointOf(log.hashes, keysOf());
  expect(changed((copy) => Object.assign(copy, { checkpoint: stranger }))).toMatchObject({
    reason: 'CHECKPOINT_REFUSED',
  });
});

test('the printed page names the file, shows the story, and neither loads nor runs anything', async () => {
  const file = await fileOf(log);
  const { digest } = verifyEvidence(file, policy);
  const page = evidencePage(file);
  expect(page).toContain('BẰNG CHỨNG TỪ NHẬT KÝ KIỂM TOÁN');
  expect(page).toContain(digest);
  expect(page).toContain(SHA256);
  expect(page).toContain('Kế hoạch &lt;1&gt;.pdf');
  expect(page).toContain('05/01/2026 08:40:00');
  expect(page).toContain('thanh-tra.example.vn/nhan-chung');
  expect(page).toContain('class="qr"');
  expect(page).not.toMatch(/<script|\bsrc=|\bhref=/i);
  expect(evidencePage(file)).toBe(page);
});
