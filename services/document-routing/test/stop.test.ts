import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectAgency } from '@lienthong/client';
import type { DeepPartial, UploadAttachmentRequest } from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { EVENT_KEYS, refusalsOf } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openWorld } from './support/world.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** As many as one officer may have under way at once. */
const AT_ONCE = 32;
const ROUNDS = 20;

test('a process that has refused many uploads ends by itself after SIGTERM', async () => {
  const world = await openWorld();
  onTestFinished(() => world.stop());
  const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
  await world.announce(province);
  const folder = mkdtempSync(join(tmpdir(), 'routing-stop-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { stack, issuer } = world;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      DATABASE_URL: stack.databaseUrl,
      NATS_URL: stack.natsUrl,
      SUBJECT_ROOT: stack.natsPrefix,
      LISTEN: '127.0.0.1:0',
      TOKEN_ISSUERS: await issuer.publish(folder),
      ...EVENT_KEYS,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const client = connectAgency({
    address: await addressIn(child.stderr),
    token: () => issuer.issue({ agencyId: province.id, officerId: 'văn thư', roles: ['system'] }),
  });
  onTestFinished(() => client.close());

  async function* wrongThenSilent(): AsyncGenerator<DeepPartial<UploadAttachmentRequest>> {
    yield { content: { $case: 'header', value: { sha256: 'x', sizeBytes: 1n } } };
    await new Promise(() => {});
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const uploads = Array.from({ length: AT_ONCE }, () =>
      client.attachments.uploadAttachment(wrongThenSilent()),
    );
    for (const { violations } of await refusalsOf(uploads))
      expect(violations).toEqual(['header.sha256 DIGEST_INVALID']);
  }
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

async function addressIn(log: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(log)) {
    const { msg, address } = JSON.parse(line);
    if (msg === 'serving') {
      log.resume();
      return address;
    }
  }
  throw new Error('the process ended before it served');
}
