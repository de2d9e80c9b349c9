import type { Definition } from '@lienthong/contracts/registry';
import { Document } from 'yaml';
import { toDocument } from './to-document.ts';

const LINE_WIDTH = 110;

/** Definitions as YAML documents that `readYaml` reads back as they are. */
export function writeYaml(definitions: readonly Definition[]): string {
  return definitions
    .map((definition) => new Document(toDocument(definition)).toString({ lineWidth: LINE_WIDTH }))
    .join('---\n');
}
