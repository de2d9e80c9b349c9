/** Nothing can be said about what is to be verified. The message is the English one. */
export class CannotCheck extends Error {
  override name = 'CannotCheck';
  readonly vi: string;

  constructor(vi: string, en: string, cause?: unknown) {
    super(en, { cause });
    this.vi = vi;
  }
}
