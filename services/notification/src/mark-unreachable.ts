import { Priority, Topic } from '@lienthong/contracts/notification';
import { type Sealer, type Tx, tryOpen } from '@lienthong/kit';
import type { Audience } from './domain/intent.ts';
import { maskedEmail } from './domain/masking.ts';
import { RecipientKind } from './domain/recipients.ts';
import type { Planner } from './plan-messages.ts';
import { contactPlace, markEmailFailed } from './store/contacts.ts';
import { readTakenIn } from './store/dossiers.ts';

/** A mail that the address takes neither now nor later. */
export interface BouncedMail {
  notificationId: string;
  kind: RecipientKind;
  /** The officer; of a citizen the dossier. */
  id: string;
  sentAt: Date;
}

/**
 * Marks the address, and notifies its owner, once: the officer; of a citizen the officer who took the dossier in, else the
 * head there. An address that was set after the mail was sent stays.
 */
export async function markUnreachable(
  tx: Tx,
  { planner, sealer }: { planner: Planner; sealer: Sealer },
  { notificationId, kind, id, sentAt }: BouncedMail,
  now: Date,
): Promise<void> {
  if (kind === RecipientKind.AGENCY) return;
  const sealed = await markEmailFailed(tx, kind, id, sentAt, now);
  if (sealed === undefined) return;
  await planner.refresh(tx);
  const dossier = kind === RecipientKind.CITIZEN ? await readTakenIn(tx, id) : undefined;
  const audience: Audience = dossier
    ? { who: 'officer', officerId: dossier.receiverId, agencyId: dossier.intakeAgencyId }
    : { who: 'officer', officerId: id, agencyId: '' };
  const dossierCode = dossier?.code ?? '';
  await planner.plan(tx, [
    {
      eventId: notificationId,
      topic: Topic.CONTACT_UNREACHABLE,
      priority: Priority.NORMAL,
      audience,
      values: {
        address: maskedEmail(tryOpen(sealer, sealed, contactPlace(kind, id, 'email')) ?? ''),
        dossierCode,
      },
      dossierCode,
      documentId: '',
    },
  ]);
}
