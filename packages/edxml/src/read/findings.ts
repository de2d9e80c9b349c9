import type { XmlElement } from '../xml/tree-reader.ts';

/** Something about a place in a package. */
export interface Finding {
  reason: string;
  /** The element, such as "edXML/edXMLEnvelope/edXMLHeader/MessageHeader/To[2]/OrganId"; '' where there is none yet. */
  path: string;
  /** From 1, of the element's start tag. */
  line: number;
  /** From 1, in UTF-16 code units. */
  column: number;
  /** What is wrong, and what to do. */
  description: string;
}

/** Why a package cannot be taken. */
export type Violation = Finding;

/** Something of a package that is not as the standard has it, and was taken nevertheless. */
export type Leniency = Finding;

/** More are not listed. */
const MAX_FINDINGS = 100;

/** What reading a package has found so far. */
export class Findings {
  readonly violations: Violation[] = [];
  readonly leniencies: Leniency[] = [];

  refuse(at: XmlElement, reason: string, description: string): void {
    this.#add(this.violations, at, reason, description);
  }

  accept(at: XmlElement, reason: string, description: string): void {
    this.#add(this.leniencies, at, reason, description);
  }

  #add(to: Finding[], { path, line, column }: XmlElement, reason: string, description: string): void {
    if (to.length < MAX_FINDINGS) to.push({ reason, path, line, column, description });
  }
}
