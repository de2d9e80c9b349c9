const codeOf = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

/** True when the server or the line went away, as opposed to a statement that was refused. */
export function isConnectionError(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) {
    const message = (error as Error | undefined)?.message ?? '';
    return /connection terminated|connection ended|not queryable|timeout exceeded when trying to connect/i.test(
      message,
    );
  }
  // 08: connection exception; 53300: too many connections; 57P01–57P05: the server shuts down, crashed or ended
  // the session.
  return /^(08|53300|57P0)/.test(code) || LINE_ERRORS.has(code);
}

const LINE_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * True when PostgreSQL cannot serve now, whatever the statement: it is away, or lacks disk, memory or connections, or
 * takes no writes. The same work succeeds later, so it is repeated, and never given up for what it is.
 */
export const isUnavailable = (error: unknown): boolean =>
  // 53: insufficient resources, 53100 a full disk; 58030: I/O error; 25006: read-only, as a standby is, and a server
  // whose guard has stopped writes before the disk is full.
  isConnectionError(error) || /^(53|58030|25006)/.test(codeOf(error) ?? '');

/** 23505 */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === '23505';
/** 40001 serialization failure, 40P01 deadlock: the same transaction may succeed when run again. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error) ?? '');
