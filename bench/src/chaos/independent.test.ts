import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** What decides about a run; the rest makes load and faults. */
const CHECKER = /^(compare.*|copies|documents|dossiers|readers|read-stream|settle|superuser|verdict)\.ts$/;
/** Clients and contracts are public; types of contracts vanish. */
const ALLOWED =
  /^(\.{1,2}\/|node:|pg$|@nats-io\/|@lienthong\/(client|contracts\/(casework|routing|operations))$)/;

it('the checker shares no code with the services', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => CHECKER.test(name));
  expect(files.length).toBeGreaterThan(7);
  for (const file of files) {
    const source = readFileSync(`${import.meta.dirname}/${file}`, 'utf8');
    const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, module]) => module as string);
    expect(imports.filter((module) => !ALLOWED.test(module))).toEqual([]);
  }
});
