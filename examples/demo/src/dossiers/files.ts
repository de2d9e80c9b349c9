/** The files of the dossiers: who acts on a dossier opens them, an agency that takes no part is refused, citizens too. */
import { createHash } from 'node:crypto';
import { type AgencyClient, connectAgency, LienThongError } from '@lienthong/client';
import type { DeepPartial, Dossier, HandInFileRequest } from '@lienthong/contracts/casework';
import type { Platform } from '@lienthong/standalone';
import { type Case, isFinished } from './ledger.ts';

export interface FileTotals {
  opened: number;
  refused: number;
}

export interface Stranger {
  agencyId: string;
  client: AgencyClient;
}

export interface Files extends FileTotals {
  /** Agencies that are refused the files of the dossiers in which they take no part. */
  strangers: readonly Stranger[];
  /** Who has a dossier's code and secret, and no token. */
  citizen: AgencyClient;
  differences: string[];
  close(): void;
}

export function openFiles(platform: Platform, strangers: readonly Stranger[], differences: string[]): Files {
  const citizen = connectAgency({ address: platform.address, tls: platform.tls });
  return { opened: 0, refused: 0, strangers, citizen, differences, close: () => citizen.close() };
}

const scan = (title: string): Buffer => Buffer.from(`%PDF-1.7\n% ${title}\n%%EOF\n`);
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Uploads a paper or result for a client's agency. Returns its digest. */
export const uploadScan = async (client: AgencyClient, title: string): Promise<string> =>
  (await client.uploadDossierFile(scan(title))).sha256;

/** Opens what a dossier carries as an agency that acts on it; those that take no part in it get none of it. */
export async function openAll(files: Files, dossier: Dossier, client: AgencyClient) {
  const { code, papers, results } = dossier;
  const digests = [...papers, ...results].flatMap(({ sha256 }) => (sha256 === '' ? [] : sha256));
  const strangers = files.strangers.filter(({ agencyId }) => !takesPart(agencyId, dossier));
  for (const sha256 of new Set(digests)) {
    if (sha256Of(await wholeOf(client.downloadDossierFile(sha256))) === sha256) files.opened += 1;
    else files.differences.push(`${code}: a file does not have the content of its digest`);
    for (const stranger of strangers)
      if (await isRefused(stranger.client, sha256)) files.refused += 1;
      else files.differences.push(`${code}: an agency that takes no part opened a file`);
  }
}

const takesPart = (agencyId: string, { intake, competent, tasks }: Dossier): boolean =>
  [intake, competent, ...tasks.map(({ agency }) => agency)].some((party) => party?.agencyId === agencyId);

async function isRefused(client: AgencyClient, sha256: string): Promise<boolean> {
  try {
    await wholeOf(client.downloadDossierFile(sha256));
    return false;
  } catch (error) {
    if (error instanceof LienThongError && error.reason === 'FILE_NOT_FOUND') return true;
    throw error;
  }
}

/** The citizen hands a scan in for the supplement. Returns its digest. */
export async function handIn({ citizen }: Files, { code, secret }: Case, name: string): Promise<string> {
  const bytes = scan(`${name} ${code}`);
  const sha256 = sha256Of(bytes);
  async function* messages(): AsyncGenerator<DeepPartial<HandInFileRequest>> {
    const value = { code, secret, sha256, sizeBytes: BigInt(bytes.length), name };
    yield { content: { $case: 'header', value } };
    yield { content: { $case: 'chunk', value: bytes } };
  }
  await citizen.citizenFiles.handInFile(messages());
  return sha256;
}

/** The citizen downloads every result of a finished dossier. */
export async function downloadResults(files: Files, one: Case): Promise<void> {
  const { code, secret } = one;
  if (!isFinished(one) || secret === '') return;
  for (const { key, sha256 } of one.seen.results) {
    if (sha256 === '') continue;
    const parts: Uint8Array[] = [];
    for await (const { chunk } of files.citizen.citizenFiles.downloadResult({ code, secret, key }))
      parts.push(chunk);
    if (sha256Of(Buffer.concat(parts)) === sha256) files.opened += 1;
    else files.differences.push(`${code}: the citizen got another result than the dossier carries`);
  }
}

const wholeOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(chunks));
