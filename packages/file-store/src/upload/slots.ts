import { type Refusal, refuse } from '@lienthong/kit';

/** Limits concurrent uploads in this process. */
export interface UploadSlots {
  /** Takes a slot and returns a function that releases it. Refuses: TOO_MANY_UPLOADS. */
  take(principal: string): () => void;
}

export interface SlotLimits {
  perProcess: number;
  /** Of one officer, system or address: uploads may fall silent, and must not take everybody's slots. */
  perPrincipal: number;
}

export function uploadSlots({ perProcess, perPrincipal }: SlotLimits): UploadSlots {
  const taken = new Map<string, number>();
  let total = 0;
  return {
    take(principal) {
      const own = taken.get(principal) ?? 0;
      if (own >= perPrincipal || total >= perProcess) return refuse(tooManyUploads);
      taken.set(principal, own + 1);
      total += 1;
      return () => {
        total -= 1;
        const left = (taken.get(principal) ?? 0) - 1;
        if (left > 0) taken.set(principal, left);
        else taken.delete(principal);
      };
    },
  };
}

const tooManyUploads: Refusal = {
  kind: 'resource-exhausted',
  reason: 'TOO_MANY_UPLOADS',
  message: 'too many of your uploads, or of all, are under way; try again in a moment',
  retryAfterMs: 1000,
};
