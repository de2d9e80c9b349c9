import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packPackages } from './pack/pack.ts';
import { ROOT } from './pack/workspace.ts';
import { installOffline, manifestIn } from './support/install-offline.ts';
import { type SmallPlatform, smallPlatform } from './support/platform.ts';

const run = promisify(execFile);

/** The Node of this machine, which may be older than that of the repository. */
const node = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .map((folder) => join(folder, 'node'))
  .find((file) => {
    try {
      return Number(execFileSync(file, ['--version'], { encoding: 'utf8' }).slice(1).split('.')[0]) >= 20;
    } catch {
      return false;
    }
  });
if (node === undefined) console.log('skipped: there is no Node of its own on this machine');

const folder = mkdtempSync(join(tmpdir(), 'lienthong-installed-'));
let platform: SmallPlatform;
let files: string[];
beforeAll(async () => {
  [platform, files] = await Promise.all([
    smallPlatform(),
    packPackages(join(folder, 'packed'), 'https://git.example/lien-thong.git'),
  ]);
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('packed packages need no sources, and say where they come from', async () => {
  const manifests = await Promise.all(files.map(manifestIn));
  expect(manifests.map(({ name }) => name)).toEqual([
    '@lienthong/cli',
    '@lienthong/client',
    '@lienthong/contracts',
    '@lienthong/signatures',
  ]);
  const names = new Set(manifests.map(({ name }) => name));
  for (const one of manifests) {
    expect(one).not.toHaveProperty('private');
    expect(one).not.toHaveProperty('devDependencies');
    expect(one.repository).toMatchObject({ type: 'git', directory: `packages/${one.name.split('/')[1]}` });
    expect(one.publishConfig).toEqual({ access: 'public', provenance: true });
    const own = Object.keys(one.dependencies ?? {}).filter((name) => name.startsWith('@lienthong/'));
    expect(own.filter((name) => !names.has(name))).toEqual([]);
  }
});

const PROGRAM = `
import { connectAgency, LienThongError } from '@lienthong/client';
import { signDocument } from '@lienthong/client/sign';
import { fileDescriptorSet } from '@lienthong/contracts/descriptors';

const client = connectAgency({
  address: process.env.ADDRESS ?? '',
  token: () => process.env.TOKEN ?? '',
});
const { document, deliveries } = await client.routing.issueDocument({
  type: 'CV',
  notation: 'UBND-VP',
  subject: 'V/v cài từ gói',
  signer: { competence: 'TM. UBND', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
  recipients: [{ recipient: { $case: 'code', value: { scheme: '', code: 'H61.1' } } }],
});
const number: string = document?.number ?? '';
console.log('issued', number, deliveries.length, typeof signDocument, fileDescriptorSet().length > 1000);
for await (const event of client.follow({ fromOldest: true, types: ['lienthong.routing.v1.DocumentIssued'] })) {
  const subject: string | undefined = event.payload.document?.subject;
  console.log('followed', subject);
  break;
}
try {
  await client.routing.getDocument({ documentId: 'x' });
} catch (error) {
  if (error instanceof LienThongError) console.log('refused', error.violations[0]?.field);
}
client.close();
`;

describe.skipIf(node === undefined)('installed without a registry', () => {
  beforeAll(() => installOffline(folder, files, ['@types/node']));

  test('the client runs without type stripping, and its types are right for who uses them', async () => {
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    const options = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--types', 'node'];
    await run(join(ROOT, 'node_modules/.bin/tsc'), [...options, 'program.ts'], { cwd: folder }).catch(
      ({ stdout }) => expect.fail(stdout),
    );
    const env = {
      ADDRESS: platform.running.address,
      TOKEN: await platform.tokenOf(platform.province, 'clerk'),
    };
    const { stdout } = await run(node as string, ['program.js'], { cwd: folder, env });
    expect(stdout.trim().split('\n')).toEqual([
      'issued 01 1 function true',
      'followed V/v cài từ gói',
      'refused document_id',
    ]);
  });

  test('the command runs', async () => {
    const env = {
      LIENTHONG_ADDRESS: platform.running.address,
      LIENTHONG_TOKEN: await platform.tokenOf(platform.commune, 'clerk'),
      XDG_CONFIG_HOME: folder,
    };
    const lienthong = (...args: string[]) =>
      run(node as string, ['node_modules/.bin/lienthong', ...args], { cwd: folder, env });
    expect((await lienthong('--version')).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    const { stdout } = await lienthong('inbox', '--plaintext', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject([{ document: { subject: 'V/v cài từ gói' } }]);
    await expect(lienthong('verify', 'khong-co', '--log', 'x')).rejects.toMatchObject({ code: 2 });
  });
});
