import { type Sealer, SealingError } from '@lienthong/kit';
import { type Secrets, signingSecretsAt } from './domain/rotation.ts';

/** Both secrets of a webhook are kept in its row. */
export const secretPlace = (webhookId: string): string => `webhook/${webhookId}/secret`;

/**
 * The secrets that sign at an instant, unsealed. One from before the last rotation that no key opens is left out: the
 * current one signs in any case.
 * @throws SealingError when the webhook's secret cannot be unsealed
 */
export function signingSecrets(sealer: Sealer, webhookId: string, secrets: Secrets, at: Date): string[] {
  return signingSecretsAt(secrets, at).flatMap((sealed) => {
    try {
      return sealer.open(sealed, secretPlace(webhookId));
    } catch (error) {
      if (error instanceof SealingError && sealed !== secrets.current) return [];
      throw error;
    }
  });
}
