import { isOrganId } from '../ids.ts';
import { MAX_COUNT, maxLengthOf, NAMESPACE, SIGNATURE_NAMESPACE } from '../limits.ts';
import { type LocalTime, readLocalTime } from '../local-time.ts';
import type { XmlElement } from '../xml/tree-reader.ts';
import type { Findings } from './findings.ts';

/** "Bussiness" is the official spelling; systems write the English one and other cases too. */
const keyOf = (name: string): string => name.toLowerCase().replaceAll('bussiness', 'business');

/** The children of an element, found by name in any order. What nobody has looked at is an unknown element. */
export class Fields {
  readonly element: XmlElement;
  readonly findings: Findings;
  readonly #byKey = new Map<string, XmlElement[]>();

  constructor(element: XmlElement, findings: Findings) {
    this.element = element;
    this.findings = findings;
    for (const child of element.children) {
      if (child.namespace === SIGNATURE_NAMESPACE) continue;
      if (child.namespace === '')
        findings.accept(child, 'NAMESPACE_MISSING', `is in no namespace; was read as one of ${NAMESPACE}`);
      else if (child.namespace !== NAMESPACE) {
        this.#unknown(child);
        continue;
      }
      const key = keyOf(child.name);
      const same = this.#byKey.get(key);
      if (same) same.push(child);
      else this.#byKey.set(key, [child]);
    }
  }

  /** Children of this name, at most as many as the format allows. */
  all(name: string): XmlElement[] {
    const key = keyOf(name);
    const found = this.#byKey.get(key) ?? [];
    this.#byKey.delete(key);
    for (const one of found)
      if (one.name !== name) this.findings.accept(one, 'NAME_UNUSUAL', `was read as ${name}`);
    const max = MAX_COUNT[name] ?? 1;
    const extra = found[max];
    if (extra)
      this.findings.refuse(
        extra,
        max === 1 ? 'FIELD_REPEATED' : 'TOO_MANY',
        `must be there at most ${max === 1 ? 'once' : `${max} times`}; remove the others`,
      );
    return found.slice(0, max);
  }

  has(name: string): boolean {
    return this.#byKey.has(keyOf(name));
  }

  one(name: string): XmlElement | undefined {
    return this.all(name)[0];
  }

  /** The fields of the child, undefined when it is not there. */
  group(name: string): Fields | undefined {
    const element = this.one(name);
    return element && new Fields(element, this.findings);
  }

  groups(name: string): Fields[] {
    return this.all(name).map((element) => new Fields(element, this.findings));
  }

  /** Like `group`; refuses the package when it is not there. */
  requiredGroup(name: string): Fields | undefined {
    const group = this.group(name);
    if (!group) this.#missing(name);
    return group;
  }

  text(name: string, isRequired: 'required' | '' = ''): string {
    const element = this.one(name);
    const text = element ? this.#textOf(element, name) : '';
    if (text === '' && isRequired !== '') this.#missing(name, element);
    return text;
  }

  /** The texts of a list; empty ones are left out. */
  texts(name: string): string[] {
    return this.all(name)
      .map((element) => this.#textOf(element, name))
      .filter((text) => text !== '');
  }

  #textOf(element: XmlElement, name: string): string {
    const { findings } = this;
    const trimmed = element.text.trim();
    const text = trimmed.normalize('NFC');
    if (text !== trimmed)
      findings.accept(element, 'UNICODE_FORM', 'was in another Unicode form than NFC, and was normalised');
    const max = maxLengthOf(name);
    if (text.length > max)
      findings.refuse(element, 'FIELD_TOO_LONG', `must be at most ${max} characters; it has ${text.length}`);
    if (name === 'OrganId' && text !== '' && !isOrganId(text))
      findings.accept(
        element,
        'ORGAN_ID_UNUSUAL',
        'is not a code of QĐ 20/2020/QĐ-TTg; it was kept as it is',
      );
    return text;
  }

  integer(name: string, { min, max }: { min: number; max: number }): number | undefined {
    const element = this.one(name);
    const text = element ? this.#textOf(element, name) : '';
    if (!element || text === '') return undefined;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value >= min && value <= max) return value;
    this.findings.refuse(element, 'NUMBER_INVALID', `must be a whole number from ${min} to ${max}`);
    return undefined;
  }

  time(name: string, isRequired: 'required' | '' = ''): LocalTime {
    const element = this.one(name);
    const text = element ? this.#textOf(element, name) : '';
    if (!element || text === '') {
      if (isRequired !== '') this.#missing(name, element);
      return '';
    }
    const read = readLocalTime(text);
    if (!read)
      this.findings.refuse(
        element,
        'DATE_INVALID',
        'must be a date of the years 1900 to 2200, written YYYY/MM/DD or YYYY/MM/DD HH:mm:ss',
      );
    else if (!read.isUsual)
      this.findings.accept(element, 'DATE_UNUSUAL', `was read as ${read.value} of Vietnam's clocks`);
    return read?.value ?? '';
  }

  /** Lists the children that nothing has read. */
  end(): void {
    for (const elements of this.#byKey.values()) for (const element of elements) this.#unknown(element);
  }

  #unknown(element: XmlElement): void {
    this.findings.accept(element, 'ELEMENT_UNKNOWN', 'is not an element of the format here; it was left out');
  }

  #missing(name: string, element: XmlElement = this.element): void {
    this.findings.refuse(
      element,
      'FIELD_REQUIRED',
      element === this.element ? `must have ${name}; add it` : 'must not be empty',
    );
  }
}
