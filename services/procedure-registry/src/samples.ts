import { readdirSync, readFileSync } from 'node:fs';
import type { Definition } from '@lienthong/contracts/registry';
import { readYaml } from './document/read-yaml.ts';
import { writeYaml } from './document/write-yaml.ts';
import { referencesOf } from './domain/references.ts';

/** Definitions as the registry imports them. */
export { writeYaml };

const folder = new URL('../samples/', import.meta.url);

/** The YAML of the sample procedures by file name. */
export const sampleFiles = (): Map<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => [file, readFileSync(new URL(file, folder), 'utf8')]),
  );

/**
 * The sample procedures, each after its sub-procedures: published in this order, every one finds what it calls.
 * @throws when a file is not well-formed
 */
export function sampleProcedures(): Definition[] {
  const definitions = [...sampleFiles()].flatMap(([file, yaml]) => {
    const read = readYaml(yaml);
    if (read.ok) return read.definitions.map(({ definition }) => definition);
    const faults = read.violations.map(({ field, description }) => `${field}: ${description}`);
    throw new Error(`${file} is no procedure definition:\n${faults.join('\n')}`);
  });
  const byCode = new Map(definitions.map((definition) => [definition.code, definition]));
  const ordered = new Set<Definition>();
  const add = (definition: Definition, path: readonly string[]): void => {
    if (path.includes(definition.code)) throw new Error(`sub-procedures in a circle: ${path.join(' → ')}`);
    for (const code of referencesOf(definition).calls) {
      const called = byCode.get(code);
      if (called) add(called, [...path, definition.code]);
    }
    ordered.add(definition);
  };
  for (const definition of definitions) add(definition, []);
  return [...ordered];
}
