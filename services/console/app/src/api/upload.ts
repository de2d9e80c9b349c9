import { DetailedError, Upload } from 'tus-js-client';
import { SESSION } from '../../../src/first/calls.ts';
import { inSession } from './call.ts';
import { lost } from './connection.ts';
import { digestOf } from './digest.ts';
import { Problem, problemFrom } from './problem.ts';
import { waitForSignIn } from './session.ts';

export type UploadMethod =
  | 'routing.v1.AttachmentService/UploadAttachment'
  | 'casework.v1.DossierFileService/UploadFile';

/** Waits before a part that broke off goes on; a line that is down for longer is the person's to retry. */
const RETRY_MS = [0, 1_000, 3_000, 5_000, 10_000, 20_000];

/**
 * Sends a file as a stream, and goes on where it broke off (tus 1.0). Resolves to its digest. Throws Problem.
 * @param onProgress called with the part that has gone, from 0 to 1
 */
export async function upload(
  method: UploadMethod,
  file: File,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<string> {
  const sha256 = await digestOf(file, signal);
  const sending = new Upload(file, {
    endpoint: `/api/lienthong.${method}`,
    metadata: { sha256 },
    retryDelays: RETRY_MS,
    storeFingerprintForResuming: false,
    onProgress: (sent, total) => onProgress(total === 0 ? 1 : sent / total),
    // What is refused is refused again; a server that is away comes back.
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      return status === 0 || status >= 500;
    },
  });
  for (;;) {
    try {
      await inSession((session) => run(sending, session, signal));
      return sha256;
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 401) throw problem;
      await waitForSignIn();
    }
  }
}

/** Begins, or goes on where it broke off. */
function run(sending: Upload, session: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    sending.options.headers = { [SESSION]: session };
    sending.options.onSuccess = () => resolve();
    sending.options.onError = (error) => void toProblem(error).then(reject, reject);
    const stop = () => {
      reject(signal.reason);
      // What cannot be ended now, the server ends by its age.
      sending.abort(true).catch(() => {});
    };
    signal.addEventListener('abort', stop, { once: true });
    sending.start();
  });
}

async function toProblem(error: unknown): Promise<Problem> {
  if (!(error instanceof DetailedError)) throw error;
  const response = error.originalResponse;
  if (!response) {
    lost();
    return new Problem(0, 'NO_REPLY', error.message);
  }
  return problemFrom(new Response(response.getBody(), { status: response.getStatus() }));
}
