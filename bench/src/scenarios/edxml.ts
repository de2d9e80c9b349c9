import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Tier } from '@lienthong/contracts/directory';
import { type DocumentPackage, writePackage } from '@lienthong/edxml';
import { vietnamDate } from '@lienthong/kit';
import type { Agency } from '../agencies.ts';
import { startProcess } from '../process.ts';
import type { Target } from '../target.ts';

const FILE_BYTES = 100 * 1024;
const LONGEST_MS = 600_000;

/**
 * edXML packages with a file of 100 KiB, by a gateway in a process of its own: how many of one system it takes in a second,
 * until each has its answer, and how many of the same it then hands out to another, while nothing comes in.
 */
export async function edxmlPackages(
  target: Target,
  dataDir: string,
  count: number,
): Promise<{ in: number; out: number }> {
  const [sender, recipient] = await establish(target);
  const folder = await mkdtemp(join(dataDir, 'edxml-'));
  const waiting = join(folder, 'waiting');
  await mkdir(waiting);
  const today = vietnamDate(new Date());
  for (let n = 0; n < count; n += 1)
    await writeFile(join(waiting, `${n}.edxml`), writePackage(letter(n, sender.code, recipient.code, today)));
  try {
    const taking = await startGateway(target, folder, sender);
    const begun = performance.now();
    for (const name of await readdir(waiting))
      await rename(join(waiting, name), join(folder, sender.id, 'in', name));
    await reach(join(folder, sender.id, 'done'), 2 * count);
    const inMs = performance.now() - begun;
    await taking.stop();
    await target.quiet();

    const giving = await startGateway(target, folder, recipient);
    const first = performance.now();
    await reach(join(folder, recipient.id, 'out'), count);
    const outMs = performance.now() - first;
    await giving.stop();
    return { in: count / (inMs / 1000), out: count / (outMs / 1000) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Two agencies to which nothing else was sent. */
async function establish(target: Target): Promise<readonly [Agency, Agency]> {
  const admin = target.admin();
  const one = async (code: string): Promise<Agency> => {
    const part = { name: `Cơ quan ${code}`, kind: '', tier: Tier.DEPARTMENT, codes: [{ code }] };
    const { agency } = await admin.directory.establishAgency({
      part,
      effectiveOn: '2016-01-01',
      legalBasis: 'bench',
    });
    return { id: agency?.id ?? '', code };
  };
  try {
    const both = [await one('B02'), await one('B03')] as const;
    await target.settled(admin);
    return both;
  } finally {
    admin.close();
  }
}

async function startGateway(target: Target, folder: string, { id: agencyId }: Agency) {
  const tokenFile = join(folder, `${agencyId}.token`);
  await writeFile(tokenFile, await target.token({ agencyId, officerId: 'bench', roles: ['system'] }));
  const systems = join(folder, `${agencyId}.json`);
  const system = { name: agencyId, agencyId, folder: join(folder, agencyId), tokenFile };
  await writeFile(systems, JSON.stringify([system]));
  return startProcess(
    new URL('../../../services/edxml-gateway/src/main.ts', import.meta.url),
    /^edXML (\S+)$/m,
    {
      EDXML_SYSTEMS: systems,
      EDXML_CHECK_MS: '50',
      PLATFORM_ADDRESS: target.address,
      PLATFORM_TLS: 'false',
      METRICS_LISTEN: 'off',
      LOG_LEVEL: 'warn',
    },
  );
}

/** Waits until the folder has so many files. */
async function reach(folder: string, files: number): Promise<void> {
  const until = performance.now() + LONGEST_MS;
  for (let there = 0; there < files; there = (await readdir(folder)).length) {
    if (performance.now() > until) throw new Error(`${folder} has ${there} files instead of ${files}`);
    await wait(50);
  }
}

const contact = (organId: string) => ({
  organId,
  organizationInCharge: '',
  organName: `Cơ quan ${organId}`,
  organAdd: '',
  email: '',
  telephone: '',
  fax: '',
  website: '',
});

const letter = (n: number, from: string, to: string, promulgationDate: string): DocumentPackage => ({
  kind: 'document',
  from: contact(from),
  to: [contact(to)],
  documentId: `${from},${promulgationDate},edxml-${n}`,
  code: { codeNumber: String(500_000 + n), codeNotation: 'KH-UBND' },
  place: 'Vĩnh Long',
  promulgationDate,
  type: 2,
  typeDetail: undefined,
  typeName: 'Kế hoạch',
  subject: 'V/v triển khai nhiệm vụ cải cách hành chính quý I',
  content: '',
  signer: { competence: 'TM. ỦY BAN NHÂN DÂN', position: 'Chủ tịch', fullName: 'Nguyễn Văn Mẫu' },
  dueDate: '',
  toPlaces: [],
  otherInfo: {
    priority: undefined,
    sphereOfPromulgation: '',
    typerNotation: '',
    promulgationAmount: undefined,
    pageAmount: undefined,
    direction: '',
    appendixes: [],
  },
  responseFor: [],
  steeringType: undefined,
  traceHeaders: [],
  business: undefined,
  attachments: [
    {
      contentId: 'a',
      name: 'ke-hoach.txt',
      contentType: 'text/plain',
      description: '',
      content: Buffer.from(randomBytes((FILE_BYTES * 3) / 4).toString('base64')),
      packed: false,
    },
  ],
  signed: false,
});
