import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { ErrorInfo, RetryInfo } from 'nice-grpc-error-details';

/** One thing wrong with one field of a request. `field` is the proto path: `recipients[3].code`. */
export interface FieldViolation {
  field: string;
  description: string;
  /** Stable UPPER_SNAKE code for programs. */
  reason: string;
}

/** The details of a status beside its code and message. */
export interface ErrorDetails {
  reason: string;
  metadata: Readonly<Record<string, string>>;
  violations: readonly FieldViolation[];
  retryAfterMs: number | undefined;
}

/**
 * Reads the trailer `grpc-status-details-bin`: a google.rpc.Status with ErrorInfo, BadRequest and RetryInfo.
 * Read field by field because the library's BadRequest predates the violations' `reason`.
 */
export function decodeErrorDetails(trailer: Uint8Array | undefined): ErrorDetails {
  let reason = '';
  let metadata: Record<string, string> = {};
  let violations: FieldViolation[] = [];
  let retryAfterMs: number | undefined;
  for (const detail of texts(trailer, 3)) {
    const [typeUrl = '', value] = [string(texts(detail, 1)[0]), texts(detail, 2)[0] ?? NOTHING];
    switch (typeUrl.slice(typeUrl.lastIndexOf('/') + 1)) {
      case 'google.rpc.ErrorInfo':
        ({ reason, metadata } = ErrorInfo.decode(value));
        break;
      case 'google.rpc.BadRequest':
        violations = texts(value, 1).map((violation) => ({
          field: string(texts(violation, 1)[0]),
          description: string(texts(violation, 2)[0]),
          reason: string(texts(violation, 3)[0]),
        }));
        break;
      case 'google.rpc.RetryInfo': {
        const delay = RetryInfo.decode(value).retryDelay;
        retryAfterMs = delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6;
      }
    }
  }
  return { reason, metadata, violations, retryAfterMs };
}

const NOTHING = new Uint8Array();
const string = (bytes: Uint8Array = NOTHING): string => new TextDecoder().decode(bytes);

/** The length-delimited values of one field of a protobuf message. */
function texts(message: Uint8Array = NOTHING, field: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const values: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === field && type === WireType.LengthDelimited) values.push(reader.bytes());
    else reader.skip(type, number);
  }
  return values;
}
