import type { Definition } from '@lienthong/contracts/registry';
import type { FieldViolation } from '@lienthong/kit/pure';
import { type Document, isNode, visit } from 'yaml';
import { checkDocument, type FormFault } from './check-document.ts';
import { composeYaml } from './compose-yaml.ts';
import { oversizeOf } from './normalise.ts';
import { documentPath, documentPlace } from './places.ts';
import { toDefinition } from './to-definition.ts';

export const MAX_YAML_BYTES = 1024 * 1024;
export const MAX_DOCUMENTS = 200;
/** Of one document: far more than a definition of the greatest size has. */
export const MAX_DOCUMENT_BYTES = 512 * 1024;

/** One definition and the line on which its document begins. */
export interface ReadDefinition {
  definition: Definition;
  line: number;
}

export type ReadYaml =
  | { ok: true; definitions: readonly ReadDefinition[] }
  | { ok: false; violations: readonly FieldViolation[] };

/**
 * Reads definitions from a stream of YAML 1.2 documents, all or none. Each violation names the document, the path in it and
 * the line. Aliases and tags are refused, so that a reader sees each value where it is used.
 */
export function readYaml(text: string): ReadYaml {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_YAML_BYTES)
    return whole('YAML_TOO_LARGE', `has ${bytes} bytes; the limit is ${MAX_YAML_BYTES}; divide it`);
  const composed = composeYaml(text);
  if ('reason' in composed) return whole(composed.reason, `line ${composed.line}: ${composed.message}`);
  const { documents, lineAt } = composed;
  if (documents.length === 0) return whole('YAML_EMPTY', 'holds no document');
  if (documents.length > MAX_DOCUMENTS)
    return whole('TOO_MANY', `holds ${documents.length} documents; the limit is ${MAX_DOCUMENTS}`);

  const definitions: ReadDefinition[] = [];
  const violations: FieldViolation[] = [];
  for (const [n, document] of documents.entries()) {
    const read = readOne(document, lineAt);
    if (read.ok) definitions.push({ definition: read.definition, line: lineAt(startOf(document)) });
    else
      for (const { place, line, reason, message } of read.faults)
        violations.push({
          field: place === '' ? `yaml[${n}]` : `yaml[${n}].${place}`,
          description: `line ${line}: ${message}`,
          reason,
        });
  }
  return violations.length > 0 ? { ok: false, violations } : { ok: true, definitions };
}

/** A fault with its place in the document, and its line in the text, from 1. */
export interface PlacedFault {
  place: string;
  line: number;
  reason: string;
  message: string;
}

/**
 * Reads the one definition of a text that is being written.
 * @param places of the definition, as the proto message names them; the reply has the line of each
 */
export function readDocument(text: string, places: readonly string[] = []): ReadOne & { lines: number[] } {
  const fault = (reason: string, message: string, line = 1): ReadOne & { lines: number[] } => ({
    ok: false,
    faults: [{ place: '', line, reason, message }],
    lines: [],
  });
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_DOCUMENT_BYTES)
    return fault(
      'YAML_TOO_LARGE',
      `has ${bytes} bytes; the limit is ${MAX_DOCUMENT_BYTES}; shorten its texts`,
    );
  const composed = composeYaml(text);
  if ('reason' in composed) return fault(composed.reason, composed.message, composed.line);
  const [document, second] = composed.documents;
  const { lineAt } = composed;
  if (document === undefined) return fault('YAML_EMPTY', 'holds no document');
  if (second !== undefined)
    return fault('TOO_MANY', 'holds more than one document; write one procedure', lineAt(startOf(second)));
  const lines = places.map((place) => lineAt(offsetOf(document, documentPath(place))));
  return { ...readOne(document, lineAt), lines };
}

export type ReadOne = { ok: true; definition: Definition } | { ok: false; faults: readonly PlacedFault[] };

function readOne(document: Document.Parsed, lineAt: (offset: number) => number): ReadOne {
  const placed = ({ path, reason, message }: FormFault): PlacedFault => ({
    place: documentPlace(path),
    line: lineAt(offsetOf(document, path)),
    reason,
    message,
  });
  const failed = (faults: readonly FormFault[]): ReadOne => ({ ok: false, faults: faults.map(placed) });

  const written = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    place: '',
    line: lineAt(pos[0]),
    reason: `YAML_${code}`,
    message,
  }));
  const shared = sharedIn(document).map((offset) => ({
    place: '',
    line: lineAt(offset),
    reason: 'YAML_ALIAS',
    message: 'anchors and aliases are not supported; write the value out',
  }));
  if (written.length + shared.length > 0) return { ok: false, faults: [...written, ...shared] };

  const checked = checkDocument(document.toJS({ maxAliasCount: 0 }));
  if (!checked.ok) return failed(checked.faults);
  const definition = toDefinition(checked.document);
  const oversize = oversizeOf(definition);
  return oversize ? failed([oversize]) : { ok: true, definition };
}

function sharedIn(document: Document.Parsed): number[] {
  const found: number[] = [];
  visit(document, {
    Alias(_, node) {
      found.push(node.range?.[0] ?? 0);
    },
  });
  return found;
}

const startOf = (document: Document.Parsed): number => document.contents?.range?.[0] ?? document.range[0];

/** The offset of a path in the text; of a missing path, that of the nearest node around it. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return startOf(document);
}

const whole = (reason: string, description: string): ReadYaml => ({
  ok: false,
  violations: [{ field: 'yaml', description, reason }],
});
