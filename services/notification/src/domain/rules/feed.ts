import { Priority, Topic } from '@lienthong/contracts/notification';
import type { ReceivedEventOf } from '@lienthong/eventlog';
import type { Intent, RuleWorld } from '../intent.ts';

/** Notifies an agency that its webhook is suspended. */
export const toSuspensionIntent = (
  { envelope, payload }: ReceivedEventOf<'lienthong.feed.v1.WebhookSuspended'>,
  world: RuleWorld,
): Intent => ({
  eventId: envelope.eventId,
  topic: Topic.WEBHOOK_SUSPENDED,
  priority: Priority.URGENT,
  audience: { who: 'office', agencyId: payload.agencyId },
  values: {
    agencyName: world.nameOf(payload.agencyId),
    webhookId: payload.webhookId,
    reason: [payload.origin, payload.lastError].filter((part) => part !== '').join(': '),
  },
  dossierCode: '',
  documentId: '',
});
