const SPACE = /[\t\n\r ]+/g;
/** Node reads these as digits too (RFC 4648, section 5). */
const OTHER_DIGITS = /[-_]/;

/** Decodes Base64 that comes in parts, so that its text is never in memory as a whole. */
export class Base64Decoder {
  readonly #decoded: Buffer[] = [];
  #rest = '';
  #isWrong = false;

  write(text: string): void {
    if (this.#isWrong || text === '') return;
    const digits = this.#rest + text.replace(SPACE, '');
    const whole = digits.length - (digits.length % 4);
    // The last four wait for the next part: they may have the padding, and nothing follows it.
    const ready = Math.max(0, digits.endsWith('=') ? whole - 4 : whole);
    this.#decode(digits.slice(0, ready), 0);
    this.#rest = digits.slice(ready);
  }

  /** The content, or undefined when the text is not Base64. */
  end(): Buffer | undefined {
    const padding = /^[^=]{2,3}(={1,2})$/.exec(this.#rest)?.[1]?.length ?? 0;
    if (this.#rest.length % 4 !== 0) return undefined;
    this.#decode(this.#rest, padding);
    return this.#isWrong ? undefined : Buffer.concat(this.#decoded);
  }

  /** Node leaves out what is not a digit, so that the result is too short. */
  #decode(digits: string, padding: number): void {
    const bytes = Buffer.from(digits, 'base64');
    if (bytes.length !== (digits.length / 4) * 3 - padding || OTHER_DIGITS.test(digits)) this.#isWrong = true;
    else this.#decoded.push(bytes);
  }
}
