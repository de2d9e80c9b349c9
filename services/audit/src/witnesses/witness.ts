import { readVerifier, VerificationError, type Verifier } from '@lienthong/transparency-log';

export interface Witness {
  name: string;
  /** Its cosignatures are verified with it. */
  verifier: Verifier;
  /** `/add-checkpoint` is below it. */
  url: string;
}

type Parsed = { ok: true; witnesses: Witness[] } | { ok: false; problem: string };

/** "NAME+ID+KEY https://address", separated by commas; '' is none. */
export function parseWitnesses(text: string): Parsed {
  const parts = text.split(',').flatMap((part) => part.trim() || []);
  const witnesses: Witness[] = [];
  for (const [n, part] of parts.entries()) {
    const [key = '', url = '', ...rest] = part.split(/\s+/);
    if (rest.length > 0 || !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      return { ok: false, problem: `witness ${n + 1} must be written: NAME+ID+KEY https://address` };
    try {
      const verifier = readVerifier(key);
      if (verifier.kind !== 'cosignature')
        return { ok: false, problem: `the key of witness ${n + 1} is not a witness's` };
      witnesses.push({ name: verifier.name, verifier, url: url.replace(/\/+$/, '') });
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      return { ok: false, problem: `witness ${n + 1}: ${error.message}` };
    }
  }
  const names = new Set(witnesses.map(({ name }) => name));
  return names.size === witnesses.length
    ? { ok: true, witnesses }
    : { ok: false, problem: 'two witnesses have the same name' };
}
