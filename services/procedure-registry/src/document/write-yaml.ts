import type { Definition } from '@lienthong/contracts/registry';
import { Document } from 'yaml';
import { toDocument } from './to-document.ts';

const LINE_WIDTH = 110;

/** Definitions as YAML documents; `readYaml` reads the same definitions back. */
export function writeYaml(definitions: readonly Definition[]): string {
  return definitions
    .map((definition) => {
      // Quotes texts that YAML 1.1 does not read as text: it reads the outcome key "no" as false.
      const document = new Document(toDocument(definition), { compat: 'yaml-1.1' });
      return document.toString({ lineWidth: LINE_WIDTH });
    })
    .join('---\n');
}
