/** One field that the platform does not take. */
export interface Violation {
  /** Path in the request, as the contracts name it: "recipients[1].code". */
  field: string;
  description: string;
  reason: string;
}

/** A call that was refused, or that got no reply. */
export class Problem extends Error {
  /** Of HTTP; 0: no reply came. */
  readonly status: number;
  /** Stable, in upper case; '' where there is none. */
  readonly reason: string;
  readonly violations: readonly Violation[];
  constructor(status: number, reason: string, detail: string, violations: readonly Violation[] = []) {
    super(detail);
    this.status = status;
    this.reason = reason;
    this.violations = violations;
  }

  /** The same call may succeed in a moment. */
  get mayPass(): boolean {
    return this.status === 0 || this.status >= 502;
  }

  /** Nothing is wrong with the call: it is to be sent again later. */
  get isForNow(): boolean {
    return this.mayPass || this.status === 429;
  }

  /** The server or the platform is away, and not only something behind it, such as a provider of payments. */
  get isAway(): boolean {
    return this.mayPass && AWAY.includes(this.reason);
  }
}

const AWAY: readonly string[] = ['', 'NO_REPLY', 'PLATFORM_UNAVAILABLE', 'DATABASE_UNAVAILABLE'];

export async function problemFrom(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  const { reason, detail, violations } = (body ?? {}) as Partial<{
    reason: string;
    detail: string;
    violations: Violation[];
  }>;
  return new Problem(response.status, reason ?? '', detail ?? response.statusText, violations ?? []);
}

/** "recipients[3].code" and "signer.full_name" are of "recipients" and "signer". */
export const isOf = (path: string, field: string): boolean =>
  path === field || path.startsWith(`${field}[`) || path.startsWith(`${field}.`);

export const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(500, '', String(error));
