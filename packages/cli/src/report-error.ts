import { LienThongError, Status } from '@lienthong/client';
import { printable } from '@lienthong/verify/printable';
import { Exit, Failure } from './failure.ts';

export interface ErrorReport {
  exit: Exit;
  /** For people. */
  text: string;
  /** For programs. */
  json: object;
}

/** How an error is reported; undefined: it is a fault of this program. */
export function reportOfError(error: unknown): ErrorReport | undefined {
  if (error instanceof Failure)
    return { exit: error.exit, text: error.message, json: { message: error.message } };
  if (!(error instanceof LienThongError)) return undefined;
  const { code, reason, details, violations, metadata, retryAfterMs } = error;
  const exit = exitOf(error);
  const lines = [
    `${HEADINGS[exit]} ${[Status[code], reason].filter(Boolean).join(' ')}: ${details}`,
    ...violations.map(({ field, description }) => `  ${field}: ${description}`),
    ...(WHAT_TO_DO[exit] ? [WHAT_TO_DO[exit]] : []),
  ];
  return {
    exit,
    text: lines.map(printable).join('\n'),
    json: { code: Status[code], reason, details, violations, metadata, retryAfterMs },
  };
}

function exitOf({ code, retryAfterMs }: LienThongError): Exit {
  if (code === Status.UNAUTHENTICATED) return Exit.NO_LOGIN;
  const unknown: Status[] = [Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.CANCELLED, Status.ABORTED];
  return unknown.includes(code) || retryAfterMs !== undefined ? Exit.UNREACHED : Exit.REFUSED;
}

const HEADINGS: Record<Exit, string> = {
  [Exit.DONE]: '',
  [Exit.REFUSED]: 'BỊ TỪ CHỐI / REFUSED',
  [Exit.USAGE]: 'SAI THAM SỐ / WRONG ARGUMENT',
  [Exit.UNREACHED]: 'KHÔNG KẾT NỐI ĐƯỢC / NOT REACHED',
  [Exit.NO_LOGIN]: 'CHƯA ĐĂNG NHẬP / NOT LOGGED IN',
};

const WHAT_TO_DO: Partial<Record<Exit, string>> = {
  [Exit.UNREACHED]:
    'Gửi lại với cùng --request-id thì không bị lặp. / Run it again with the same --request-id: it is done once.',
  [Exit.NO_LOGIN]: 'Xem lienthong login --help. / See lienthong login --help.',
};
