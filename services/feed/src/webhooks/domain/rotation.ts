/** How long the secret before the last rotation signs too. */
export const OLD_SECRET_SIGNS_MS = 24 * 3_600_000;

export interface Secrets {
  current: string;
  /** Signs too until `previousUntil`. */
  previous: string | null;
  previousUntil: Date | null;
}

/** The secrets that sign at an instant. */
export const signingSecretsAt = ({ current, previous, previousUntil }: Secrets, at: Date): string[] =>
  previous !== null && previousUntil !== null && at < previousUntil ? [current, previous] : [current];
