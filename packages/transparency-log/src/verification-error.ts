/** Something does not follow its format, or is not to be believed. The message names the first reason. */
export class VerificationError extends Error {
  override name = 'VerificationError';
}

export function reject(message: string): never {
  throw new VerificationError(message);
}
