/** What the command ends with; README.md explains them. */
export const Exit = {
  DONE: 0,
  /** The platform has refused it, or what was to be checked is not right. */
  REFUSED: 1,
  /** An argument, option, setting or file is wrong or missing; nothing was sent. */
  USAGE: 2,
  /** The platform was not reached or did not reply in time: what happened is not known. */
  UNREACHED: 3,
  /** There is no login, or the platform does not accept it. */
  NO_LOGIN: 4,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** Ends the command with words instead of a trace. The message says what to do. */
export class Failure extends Error {
  override name = 'Failure';
  readonly exit: Exit;

  constructor(exit: Exit, message: string, cause?: unknown) {
    super(message, { cause });
    this.exit = exit;
  }
}

export const usage = (message: string, cause?: unknown): Failure => new Failure(Exit.USAGE, message, cause);
