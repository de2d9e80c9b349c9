import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AgencyClient, EvidenceSubject } from '@lienthong/client';
import { parseEvidence } from '@lienthong/evidence';
import { openDatabase } from '@lienthong/kit';
import type { Platform } from '@lienthong/standalone';

const run = promisify(execFile);
const VERIFY = fileURLToPath(import.meta.resolve('@lienthong/cli/command'));

/** What `lienthong verify` says about files. */
interface Verdict {
  ok: boolean;
  /** The first bad leaf. */
  leaf?: number;
  vi: string;
}

export interface Proved {
  /** Entries that were proved of the document and of the dossier. */
  leaves: { document: number; dossier: number };
  report: string;
  differences: string[];
}

/**
 * Exports the evidence of a document and of a dossier and verifies both with the stand-alone command. Then the
 * database's administrator changes one byte of an entry, and an export of the log is verified against the kept
 * checkpoint. The byte is put back.
 */
export async function proveStory(
  platform: Platform,
  admin: AgencyClient,
  { documentId, dossierCode }: { documentId: string; dossierCode: string },
): Promise<Proved> {
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-demo-'));
  const log = platform.auditKeys.flatMap((key) => ['--log', key]);
  const keep = async (name: string, content: string | Uint8Array): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, content);
    return file;
  };
  const verify = async (...files: string[]): Promise<Verdict> => {
    const json = `${files[0]}.ket-qua`;
    // Status 1 is a verdict too; without a verdict there is no file.
    const failed = await run(process.execPath, [VERIFY, 'verify', ...files, ...log, '--json', json]).then(
      () => undefined,
      (error: Error) => error,
    );
    return JSON.parse(await readFile(json, 'utf8').catch(() => Promise.reject(failed)));
  };
  const differences: string[] = [];
  const evidenceOf = async (name: string, subject: EvidenceSubject) => {
    const content = Buffer.from(await admin.evidence(subject)).toString();
    const verdict = await verify(await keep(name, content));
    if (!verdict.ok) differences.push(`${name} is not believed: ${verdict.vi}`);
    return { ...parseEvidence(content), verdict };
  };
  try {
    const [document, dossier] = await Promise.all([
      evidenceOf('van-ban.json', { documentId }),
      evidenceOf('ho-so.json', { dossierCode }),
    ]);
    const kept = await keep('diem-kiem-tra', dossier.checkpoint);
    const leaf = document.entries[0]?.index ?? -1;
    const tampered = await whileTampered(platform, leaf, async () =>
      verify(await keep('nhat-ky.jsonl', await exportLog(admin)), kept),
    );
    if (tampered.ok || tampered.leaf !== leaf)
      differences.push(`the changed leaf ${leaf} is not found: ${tampered.vi}`);
    return {
      leaves: { document: document.entries.length, dossier: dossier.entries.length },
      report: reportOf(document.verdict, dossier.verdict, leaf, tampered),
      differences,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function exportLog(admin: AgencyClient): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const { content } of admin.audit.exportEntries({})) parts.push(content);
  return Buffer.concat(parts);
}

/** The administrator of the database can switch off what guards the table: only the log shows it. */
async function whileTampered<T>(platform: Platform, leaf: number, act: () => Promise<T>): Promise<T> {
  const db = openDatabase({
    url: platform.stack.databaseUrl,
    schema: 'audit',
    connections: 1,
    onError: (error) => {
      throw error;
    },
  });
  const flip = () =>
    db.transaction(async (tx) => {
      tx.send({ text: 'alter table entry disable trigger entry_append_only' });
      await tx.query({
        text: 'update entry set payload = set_byte(payload, 0, get_byte(payload, 0) # 1) where leaf = $1',
        values: [leaf],
      });
      tx.send({ text: 'alter table entry enable trigger entry_append_only' });
    });
  try {
    await flip();
    try {
      return await act();
    } finally {
      await flip();
    }
  } finally {
    await db.close();
  }
}

const reportOf = (document: Verdict, dossier: Verdict, leaf: number, tampered: Verdict): string =>
  [
    '',
    'Chứng cứ mà ai cũng kiểm tra được, không cần tin máy chủ (lienthong verify)',
    `  văn bản: ${document.vi}`,
    `  hồ sơ: ${dossier.vi}`,
    `  quản trị viên cơ sở dữ liệu đổi một byte của lá ${leaf}: ${tampered.vi}`,
  ].join('\n');
