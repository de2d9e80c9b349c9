import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readTrust } from '@lienthong/signatures';
import { type Policy, parsePolicy, VerificationError } from '@lienthong/transparency-log';
import { CannotCheck } from './cannot-check.ts';
import type { Signers } from './signatures.ts';

export const USAGE = `lienthong verify FILE… --policy FILE [options]

  FILE            an evidence file; an export; a proof with the file of its entry;
                  a checkpoint (several: the older ones first)
  --policy FILE   whom to trust: C2SP tlog-policy
  --log KEY       or the keys themselves: of the log, of witnesses (each may be repeated)
  --witness KEY
  --quorum N      and how many of the witnesses must have cosigned
  --tiles FROM    the log's tiles, or a copy: a folder, or an address http(s)://…
  --signers FILE  checks the signatures of documents against these authorities (PEM)
  --signers-crl FILE  and against their lists of revoked certificates (PEM)
  --registered-signers  believes signers without an authority, too, when the log says that their agency
                  had registered them
  --page FILE     writes the printable page of an evidence file that is believed
  --json FILE     writes the result as JSON
  Exit status: 0 believed, 1 not believed, 2 cannot be checked`;

export interface VerifyArguments {
  files: readonly string[];
  policy: Policy;
  tiles: string | undefined;
  pageFile: string | undefined;
  /** Whose signers are believed; undefined: signatures of documents are not checked. */
  signers: Signers | undefined;
}

/** @throws CannotCheck */
export function readArguments(args: readonly string[]): VerifyArguments & { jsonFile: string | undefined } {
  const { values, positionals } = orCannotCheck('tham số sai', () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        policy: { type: 'string' },
        log: { type: 'string', multiple: true },
        witness: { type: 'string', multiple: true },
        quorum: { type: 'string' },
        tiles: { type: 'string' },
        signers: { type: 'string' },
        'signers-crl': { type: 'string' },
        'registered-signers': { type: 'boolean', default: false },
        page: { type: 'string' },
        json: { type: 'string' },
      },
    }),
  );
  if (positionals.length === 0) throw new CannotCheck('thiếu tệp', 'a file is missing');
  const { policy, tiles, page: pageFile, json: jsonFile } = values;
  const signers = signersOf({
    authoritiesFile: values.signers,
    crlFile: values['signers-crl'],
    areRegisteredBelieved: values['registered-signers'],
  });
  return { files: positionals, policy: policyOf({ ...values, policy }), tiles, pageFile, jsonFile, signers };
}

interface SignerArguments {
  authoritiesFile: string | undefined;
  crlFile: string | undefined;
  areRegisteredBelieved: boolean;
}

function signersOf({
  authoritiesFile,
  crlFile,
  areRegisteredBelieved,
}: SignerArguments): Signers | undefined {
  if (authoritiesFile === undefined) {
    if (crlFile === undefined && !areRegisteredBelieved) return undefined;
    throw new CannotCheck(
      '--signers-crl và --registered-signers cần --signers',
      '--signers-crl and --registered-signers need --signers',
    );
  }
  const text = (file: string) => orCannotCheck(`không đọc được ${file}`, () => readFileSync(file, 'utf8'));
  const [authorities, crls] = [text(authoritiesFile), crlFile === undefined ? '' : text(crlFile)];
  try {
    return { trust: readTrust({ authorities, crls }), areRegisteredBelieved };
  } catch (error) {
    const { message } = error as Error;
    throw new CannotCheck(`chứng thư số hoặc danh sách thu hồi sai (${message})`, message, error as Error);
  }
}

interface LogTrust {
  policy?: string;
  log?: string[];
  witness?: string[];
  quorum?: string;
}

function policyOf({ policy: file, log = [], witness = [], quorum }: LogTrust): Policy {
  const given = log.length + witness.length > 0 || quorum !== undefined;
  if (given === (file !== undefined))
    throw new CannotCheck(
      'cần --policy, hoặc --log với --witness và --quorum',
      'either --policy is needed, or --log with --witness and --quorum',
    );
  const text = file === undefined ? policyText(log, witness, quorum ?? 'all') : readPolicy(file);
  return orCannotCheck('chính sách sai', () => parsePolicy(text));
}

/** The policy of keys on the command line. Without a quorum all witnesses that are named must have cosigned. */
function policyText(log: string[], witness: string[], quorum: string): string {
  const names = witness.map((_, n) => String(n + 1));
  const none = witness.length === 0 && ['0', 'all'].includes(quorum);
  return [
    ...log.map((key) => `log ${key}`),
    ...witness.map((key, n) => `witness ${names[n]} ${key}`),
    ...(none || quorum === '0' ? ['quorum none'] : [`group q ${quorum} ${names.join(' ')}`, 'quorum q']),
  ].join('\n');
}

const readPolicy = (file: string): string =>
  orCannotCheck(`không đọc được ${file}`, () => readFileSync(file, 'utf8'));

function orCannotCheck<T>(vi: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const expected =
      error instanceof VerificationError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!(error instanceof Error && expected)) throw error;
    throw new CannotCheck(`${vi} (${error.message})`, error.message, error);
  }
}
