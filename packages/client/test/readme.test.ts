import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DeliveryStatus, type IssueDocumentRequest } from '@lienthong/contracts/routing';
import { refuse } from '@lienthong/kit';
import { expect, onTestFinished, test } from 'vitest';
import { clerksToken, startPlatform } from './platform.ts';

test('the example of the README runs as written', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```ts example\n([\s\S]*?)```/.exec(readme) ?? [];
  let issued: IssueDocumentRequest | undefined;
  const { address } = await startPlatform({
    attachments: {
      async uploadAttachment(request) {
        const [header] = await Array.fromAsync(request);
        return header?.content?.$case === 'header' ? header.content.value : {};
      },
    },
    routing: {
      async issueDocument(request) {
        issued = request;
        return { document: { ...request, number: '12', attachments: [] } };
      },
      listInbox: async () => ({
        items: ['1', '2'].map((id) => ({ delivery: { id }, document: { subject: `Văn bản ${id}` } })),
      }),
      async reportStatus({ deliveryId, status }) {
        expect(status).toBe(DeliveryStatus.ARRIVED);
        if (deliveryId === '1') return {};
        return refuse({ kind: 'failed-precondition', reason: 'STATUS_NOT_NEXT', message: 'đã đến rồi' });
      },
    },
  });
  // Beside the tests, so that it finds the packages as any program of the workspace does.
  const file = fileURLToPath(new URL(`readme-example-${process.pid}.ts`, import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  onTestFinished(async () => {
    await rm(file);
    await rm(folder, { recursive: true });
  });
  await writeFile(file, example);
  await writeFile(join(folder, 'ke-hoach.pdf'), 'nội dung');
  const env = { LIENTHONG: address, TOKEN: await clerksToken() };
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, env });
  expect(stdout.trim().split('\n')).toEqual([
    '10 of 10 bytes sent',
    'issued 12/KH-UBND',
    'arrived: Văn bản 1',
    'refused: STATUS_NOT_NEXT: đã đến rồi',
  ]);
  expect(issued?.attachments[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
});
