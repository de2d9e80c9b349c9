import { type Refusal, refuse } from '@lienthong/kit';

/** Limits concurrent uploads in this process. */
export interface UploadSlots {
  /** Takes a slot and returns a function that releases it. Refuses: TOO_MANY_UPLOADS. */
  take(): () => void;
}

export function uploadSlots(limit: number): UploadSlots {
  let taken = 0;
  return {
    take() {
      if (taken >= limit) return refuse(tooManyUploads);
      taken += 1;
      return () => {
        taken -= 1;
      };
    },
  };
}

const tooManyUploads: Refusal = {
  kind: 'resource-exhausted',
  reason: 'TOO_MANY_UPLOADS',
  message: 'too many uploads are under way; try again in a moment',
  retryAfterMs: 1000,
};
