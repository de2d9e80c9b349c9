import type { Definition } from '@lienthong/contracts/registry';
import { Document } from 'yaml';
import { toDocument } from './to-document.ts';

const LINE_WIDTH = 110;

/** Definitions as YAML documents that `readYaml` reads back as they are. */
export function writeYaml(definitions: readonly Definition[]): string {
  return definitions
    .map((definition) => {
      // In quotes what readers of YAML 1.1 take for something else than text: to them the key of an outcome "no" is false.
      const document = new Document(toDocument(definition), { compat: 'yaml-1.1' });
      return document.toString({ lineWidth: LINE_WIDTH });
    })
    .join('---\n');
}
