import { SaxesParser, type SaxesTagNS } from 'saxes';
import { Base64Decoder } from './base64.ts';
import { advance, type Place, START } from './place.ts';

export interface XmlElement extends Place {
  /** Without its prefix. */
  name: string;
  namespace: string;
  /** From the root: "edXML/edXMLEnvelope"; the second To is "To[2]". */
  path: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  /** All text directly inside. */
  text: string;
  /** Of an element whose text is Base64: what it says; undefined when it is not Base64. */
  content?: Buffer | undefined;
}

export interface XmlLimits {
  maxBytes: number;
  /** Of everything outside Base64. */
  maxMarkupBytes: number;
  maxDepth: number;
  maxElements: number;
}

/** Why bytes are not read as XML. */
export class XmlError extends Error {
  override name = 'XmlError';
  readonly reason: string;
  readonly place: Place;
  readonly path: string;
  constructor(reason: string, message: string, place: Place, path: string) {
    super(message);
    this.reason = reason;
    this.place = place;
    this.path = path;
  }
}

const LESS = 0x3c;
const GREATER = 0x3e;
const AMPERSAND = 0x26;
const BARE_AMPERSAND = /&(?![A-Za-z#][\w.-]*;)/;

/**
 * Reads well-formed XML 1.0 in UTF-8 into a tree of bounded size; no DTD, so no entities but the five of XML. The Base64 of
 * large elements passes the parser by: their bytes up to the next tag go to a decoder at once.
 */
export class TreeReader {
  readonly #limits: XmlLimits;
  readonly #isBase64: (name: string) => boolean;
  readonly #parser = new SaxesParser({
    xmlns: true,
    position: false,
    defaultXMLVersion: '1.0',
    forceXMLVersion: true,
  });
  readonly #text = new TextDecoder('utf-8', { fatal: true });
  readonly #open: XmlElement[] = [];
  #root: XmlElement | undefined;
  #counts: Map<string, number>[] = [new Map()];
  #base64: Base64Decoder | undefined;
  /** The next bytes are the beginning of Base64. */
  #isContent = false;
  #bytes = 0;
  #markupBytes = 0;
  #elements = 0;
  #place = START;
  /** Of the last "<". */
  #tagPlace = START;
  /** What the parser is at, and how many characters it had before. */
  #part = '';
  #before = 0;
  /** Of an "&" that begins no reference: the parser finds out at the next ";". */
  #bareAmpersand: Place | undefined;

  constructor(limits: XmlLimits, isBase64: (name: string) => boolean) {
    this.#limits = limits;
    this.#isBase64 = isBase64;
    this.#parser.on('error', ({ message }) => this.#failMalformed(message));
    this.#parser.on('doctype', () =>
      this.#fail('XML_DOCTYPE', 'must not have a document type (<!DOCTYPE>); remove it'),
    );
    this.#parser.on('opentag', (tag) => this.#start(tag));
    this.#parser.on('closetag', () => this.#end());
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
    this.#parser.on('comment', () => this.#goOn());
    this.#parser.on('processinginstruction', () => this.#goOn());
  }

  /** @throws XmlError */
  write(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#limits.maxBytes)
      this.#fail('PACKAGE_TOO_LARGE', `must be at most ${this.#limits.maxBytes} bytes`);
    for (let at = 0; at < bytes.length; ) {
      const end = this.#isContent ? contentEnd(bytes, at) : markupEnd(bytes, at);
      if (this.#isContent) {
        this.#takeContent(bytes.toString('latin1', at, end));
        this.#isContent = end === bytes.length;
      } else this.#takeMarkup(bytes.subarray(at, end));
      at = end;
    }
  }

  /** The root. @throws XmlError */
  end(): XmlElement {
    this.#takeMarkup(Buffer.alloc(0), true);
    this.#part = '';
    this.#parser.close();
    // The parser has failed for a document without a root.
    return this.#root as XmlElement;
  }

  #takeContent(text: string): void {
    this.#base64?.write(text);
    this.#place = advance(this.#place, text);
  }

  /** At most one tag, at the end. */
  #takeMarkup(bytes: Buffer, isLast = false): void {
    this.#markupBytes += bytes.length;
    if (this.#markupBytes > this.#limits.maxMarkupBytes)
      this.#fail(
        'PACKAGE_TOO_LARGE',
        `must have at most ${this.#limits.maxMarkupBytes} bytes besides its attachments`,
      );
    const text = this.#decode(bytes, isLast);
    const tagStart = text.lastIndexOf('<');
    if (tagStart >= 0) this.#tagPlace = advance(this.#place, text.slice(0, tagStart));
    const bare = text.search(BARE_AMPERSAND);
    if (bare >= 0) this.#bareAmpersand ??= advance(this.#place, text.slice(0, bare));
    this.#part = text;
    this.#parser.write(text);
    this.#before += text.length;
    this.#place = advance(this.#place, text);
  }

  #decode(bytes: Buffer, isLast: boolean): string {
    try {
      return this.#text.decode(bytes, { stream: !isLast });
    } catch {
      return this.#fail('ENCODING_UNSUPPORTED', 'has bytes that are not UTF-8; write the package in UTF-8');
    }
  }

  /** What follows an "&" was a comment or CDATA. */
  #goOn(): void {
    this.#bareAmpersand = undefined;
  }

  #start(tag: SaxesTagNS): void {
    this.#goOn();
    const { encoding = 'UTF-8' } = this.#parser.xmlDecl;
    if (!/^(utf-?8|us-ascii)$/i.test(encoding))
      this.#fail('ENCODING_UNSUPPORTED', `says that it is in ${encoding.slice(0, 20)}; write it in UTF-8`);
    this.#elements += 1;
    if (this.#elements > this.#limits.maxElements)
      this.#fail('XML_TOO_MANY_ELEMENTS', `must have at most ${this.#limits.maxElements} elements`);
    if (this.#open.length >= this.#limits.maxDepth)
      this.#fail('XML_TOO_DEEP', `must have at most ${this.#limits.maxDepth} levels of elements`);
    const parent = this.#open.at(-1);
    const element: XmlElement = {
      ...this.#tagPlace,
      name: tag.local,
      namespace: tag.uri,
      path: this.#pathOf(tag.local, parent),
      attributes: Object.fromEntries(Object.values(tag.attributes).map(({ name, value }) => [name, value])),
      children: [],
      text: '',
    };
    if (parent) parent.children.push(element);
    else this.#root = element;
    this.#open.push(element);
    this.#counts.push(new Map());
    this.#isContent = this.#isBase64(tag.local);
    if (this.#isContent) this.#base64 = new Base64Decoder();
  }

  #pathOf(name: string, parent: XmlElement | undefined): string {
    const counts = this.#counts.at(-1) as Map<string, number>;
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    return `${parent ? `${parent.path}/` : ''}${name}${n > 1 ? `[${n}]` : ''}`;
  }

  #end(): void {
    this.#goOn();
    const element = this.#open.pop();
    this.#counts.pop();
    this.#isContent = false;
    if (element && this.#base64 && this.#isBase64(element.name)) {
      element.content = this.#base64.end();
      this.#base64 = undefined;
    }
  }

  #addText(text: string): void {
    this.#goOn();
    const element = this.#open.at(-1);
    if (!element) return;
    if (this.#base64 && this.#isBase64(element.name)) this.#base64.write(text);
    else element.text += text;
  }

  #failMalformed(message: string): never {
    if (this.#bareAmpersand)
      this.#fail(
        'XML_MALFORMED',
        'is not well-formed XML: "&" begins no reference here; write "&amp;"',
        this.#bareAmpersand,
      );
    const read = Math.max(0, this.#parser.position - this.#before - 1);
    this.#fail(
      'XML_MALFORMED',
      `is not well-formed XML: ${message}`,
      advance(this.#place, this.#part.slice(0, read)),
    );
  }

  #fail(reason: string, message: string, place = this.#tagPlace): never {
    throw new XmlError(reason, message, place, this.#open.at(-1)?.path ?? '');
  }
}

/** Base64 ends before a tag, or before a character that is written as a reference. */
function contentEnd(bytes: Buffer, from: number): number {
  const tag = bytes.indexOf(LESS, from);
  const end = tag < 0 ? bytes.length : tag;
  const reference = bytes.subarray(from, end).indexOf(AMPERSAND);
  return reference < 0 ? end : from + reference;
}

function markupEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(GREATER, from);
  return end < 0 ? bytes.length : end + 1;
}
