import { LienThongError, Status } from '@lienthong/client';
import type { Finding } from '@lienthong/edxml';
import { BUSINESS, type Leniency, placeOf } from './domain/places.ts';
import type { EnvelopeSignature } from './domain/signature.ts';

/** What becomes of a package, as its system gets it. */
export type Answer = Accepted | Refused;

export interface Accepted {
  accepted: true;
  /** SHA-256 of the package. */
  sha256: string;
  /** Of the platform. */
  documentId: string;
  /** The package had been taken before. */
  repeated: boolean;
  leniencies: readonly Leniency[];
  /** What the check of its signature found; absent: there is none, or nothing to check it by. */
  signature?: EnvelopeSignature | undefined;
}

export interface Refused {
  accepted: false;
  sha256: string;
  reason: string;
  message: string;
  /** Each wrong place, and what to do. */
  violations: readonly (Leniency & Partial<Pick<Finding, 'line' | 'column'>>)[];
  metadata?: Readonly<Record<string, string>>;
  signature?: EnvelopeSignature | undefined;
}

/** True for a refusal that another package may end: one that brings the document which this one is about. */
export const isEarly = (answer: Answer): boolean =>
  !answer.accepted &&
  answer.violations.some(
    ({ reason, path }) => reason === 'DOCUMENT_UNKNOWN' || path === `${BUSINESS}/DocumentId`,
  );

/** Ends the work on a package with the answer that it gets. */
export class PackageRefused extends Error {
  override name = 'PackageRefused';
  readonly refusal: Omit<Refused, 'accepted' | 'sha256'>;
  constructor(refusal: Omit<Refused, 'accepted' | 'sha256'>) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export const refusePackage = (reason: string, path: string, description: string): PackageRefused =>
  new PackageRefused({ reason, message: description, violations: [{ reason, path, description }] });

const OF_THE_PACKAGE: readonly Status[] = [
  Status.INVALID_ARGUMENT,
  Status.NOT_FOUND,
  Status.ALREADY_EXISTS,
  Status.PERMISSION_DENIED,
  Status.FAILED_PRECONDITION,
  Status.OUT_OF_RANGE,
];

/** The answer to a package that the platform refuses; undefined: the error is not about the package, so try again later. */
export function refusalOf(error: unknown): PackageRefused['refusal'] | undefined {
  if (error instanceof PackageRefused) return error.refusal;
  if (!(error instanceof LienThongError) || !OF_THE_PACKAGE.includes(error.code) || error.reason === '')
    return undefined;
  return {
    reason: error.reason,
    message: error.details,
    violations: error.violations.map(({ field, description, reason }) => ({
      reason,
      path: placeOf(field),
      description,
    })),
    metadata: error.metadata,
  };
}
