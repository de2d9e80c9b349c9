import { NAMESPACE, SIGNATURE_NAMESPACE } from '../limits.ts';
import type { EdxmlPackage } from '../package.ts';
import { TreeReader, type XmlElement, XmlError } from '../xml/tree-reader.ts';
import { readAttachments } from './attachments.ts';
import { readDocument } from './document.ts';
import { Fields } from './fields.ts';
import { Findings, type Leniency, type Violation } from './findings.ts';
import { readStatus } from './status.ts';

export interface PackageLimits {
  /** Of the package as it comes. */
  maxBytes: number;
  /** Of one attachment, unpacked. */
  maxAttachmentBytes: number;
}

export type ReadResult =
  | { ok: true; package: EdxmlPackage; leniencies: readonly Leniency[] }
  | { ok: false; violations: readonly Violation[] };

const MIB = 1024 * 1024;
const LIMITS: PackageLimits = { maxBytes: 300 * MIB, maxAttachmentBytes: 200 * MIB };
const MAX_MARKUP_BYTES = 8 * MIB;
const MAX_DEPTH = 32;
const MAX_ELEMENTS = 60_000;

/** Reads a package whose bytes come in parts. */
export class PackageReader {
  readonly #limits: PackageLimits;
  readonly #tree: TreeReader;
  #error: XmlError | undefined;

  constructor(limits: Partial<PackageLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#tree = new TreeReader(
      {
        maxBytes: this.#limits.maxBytes,
        maxMarkupBytes: MAX_MARKUP_BYTES,
        maxDepth: MAX_DEPTH,
        maxElements: MAX_ELEMENTS,
      },
      (name) => name.toLowerCase() === 'contenttransferencoded',
    );
  }

  /** False: the package is refused, and the rest of it need not be written. */
  write(bytes: Buffer): boolean {
    if (!this.#error) this.#guard(() => this.#tree.write(bytes));
    return this.#error === undefined;
  }

  end(): ReadResult {
    const findings = new Findings();
    let read: EdxmlPackage | undefined;
    if (!this.#error)
      this.#guard(() => {
        read = readRoot(this.#tree.end(), findings, this.#limits);
      });
    if (this.#error) {
      const { reason, path, place, message } = this.#error;
      return { ok: false, violations: [{ reason, path, ...place, description: message }] };
    }
    return read && findings.violations.length === 0
      ? { ok: true, package: read, leniencies: findings.leniencies }
      : { ok: false, violations: findings.violations };
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      this.#error = error;
    }
  }
}

/** Reads a whole package. Never throws for bytes. */
export function readPackage(bytes: Buffer, limits: Partial<PackageLimits> = {}): ReadResult {
  const reader = new PackageReader(limits);
  reader.write(bytes);
  return reader.end();
}

function readRoot(root: XmlElement, findings: Findings, limits: PackageLimits): EdxmlPackage | undefined {
  if (root.namespace !== NAMESPACE) {
    findings.refuse(
      root,
      'NAMESPACE_WRONG',
      `must be in the namespace ${NAMESPACE}; it is in "${root.namespace.slice(0, 200)}"`,
    );
    return undefined;
  }
  if (root.name !== 'edXML') {
    findings.refuse(root, 'ROOT_WRONG', 'must be edXML');
    return undefined;
  }
  const all = new Fields(root, findings);
  const envelope = all.requiredGroup('edXMLEnvelope');
  const header = envelope?.requiredGroup('edXMLHeader');
  const message = header?.requiredGroup('MessageHeader');
  if (!envelope || !header || !message) return undefined;
  const signed = hasSignature(header, envelope, all);
  if (message.has('StatusCode')) {
    const status = readStatus(message);
    for (const fields of [header, envelope, all]) fields.end();
    return { ...status, signed };
  }
  const body = envelope.group('edXMLBody');
  const manifest = body?.group('edXMLManifest');
  const encoded = all.group('AttachmentEncoded') ?? envelope.group('AttachmentEncoded');
  const attachments = readAttachments(manifest, encoded, limits.maxAttachmentBytes);
  const document = readDocument(message, header, attachments);
  for (const fields of [body, header, envelope, all]) fields?.end();
  return { ...document, signed };
}

/** True when one of them has an XMLDSig signature. */
const hasSignature = (...places: readonly Fields[]): boolean =>
  places.some(({ element }) =>
    element.children.some(({ name, namespace }) => name === 'Signature' && namespace === SIGNATURE_NAMESPACE),
  );
