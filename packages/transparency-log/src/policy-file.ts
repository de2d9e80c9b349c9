import { readVerifier, type Verifier } from './note/keys.ts';
import type { Policy } from './policy.ts';
import { reject } from './verification-error.ts';

/** A witness, or a group of them with how many of its members must have cosigned. */
interface Component {
  witnesses: readonly Verifier[];
  threshold: number;
}

/**
 * C2SP tlog-policy: the keys of one log, the witnesses and their quorum. The quorum is a witness, one group of
 * witnesses, or `none`; groups of groups are not supported.
 * @throws VerificationError that names the line
 */
export function parsePolicy(text: string): Policy {
  const log: Verifier[] = [];
  const components = new Map<string, Component>();
  let quorum: Component | undefined;
  text.split('\n').forEach((line, n) => {
    const at = `line ${n + 1} of the policy`;
    const [word, ...rest] = line.split(/[ \t]+/).filter((one) => one !== '');
    if (word === undefined || word.startsWith('#')) return;
    if (word === 'log') log.push(keyOf(rest[0], 'note', at));
    else if (word === 'witness')
      define(rest[0], { witnesses: [keyOf(rest[1], 'cosignature', at)], threshold: 1 }, at);
    else if (word === 'group') define(rest[0], groupOf(rest.slice(1), at), at);
    else if (word === 'quorum' && quorum === undefined) quorum = quorumOf(rest[0], at);
    else reject(`${at}: ${word} is not expected here`);
  });

  function define(name: string | undefined, component: Component, at: string): void {
    if (name === undefined || name === 'none' || components.has(name))
      reject(`${at}: the name is missing or taken`);
    components.set(name as string, component);
  }

  function groupOf([count, ...names]: string[], at: string): Component {
    const witnesses = names.map((name) => {
      const [witness, ...others] = components.get(name)?.witnesses ?? [];
      return witness && others.length === 0
        ? witness
        : reject(`${at}: ${name} is not a witness defined above`);
    });
    const threshold = { any: 1, all: witnesses.length }[count ?? ''] ?? Number(count);
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > new Set(witnesses).size)
      reject(`${at}: a group needs "any", "all" or a number of its members`);
    return { witnesses, threshold };
  }

  function quorumOf(name: string | undefined, at: string): Component {
    const none = name === 'none' ? { witnesses: [], threshold: 0 } : undefined;
    return none ?? components.get(name ?? '') ?? reject(`${at}: the quorum is not defined above`);
  }

  const [first] = log;
  if (first === undefined || log.some(({ name }) => name !== first.name))
    return reject('a policy has the keys of one log, all under its name');
  const { witnesses, threshold } = quorum ?? reject('a policy has a line "quorum"');
  return { origin: first.name, log, witnesses, quorum: threshold };
}

function keyOf(key: string | undefined, kind: Verifier['kind'], at: string): Verifier {
  if (key === undefined) return reject(`${at}: a key is missing`);
  const verifier = readVerifier(key);
  return verifier.kind === kind ? verifier : reject(`${at}: the key of ${verifier.name} is of another kind`);
}
