import type { notification } from '@lienthong/contracts/json';
import type { Key } from '../../text/text.tsx';

/** Besides the application, which shows everything. */
export const CHANNELS = [
  ['MESSAGE_CHANNEL_EMAIL', 'channel.email'],
  ['MESSAGE_CHANNEL_SMS', 'channel.sms'],
  ['MESSAGE_CHANNEL_WEBHOOK', 'channel.webhook'],
] as const satisfies readonly (readonly [notification.MessageChannel, Key])[];

/** What concerns officers; the other topics are the citizens'. */
export const TOPICS: Partial<Record<notification.Topic, Key>> = {
  TOPIC_TASK_ASSIGNED: 'topic.taskAssigned',
  TOPIC_DEADLINE_NEAR: 'topic.deadlineNear',
  TOPIC_OVERDUE: 'topic.overdue',
  TOPIC_ESCALATION: 'topic.escalation',
  TOPIC_CONSULTATION_UNANSWERED: 'topic.consultationUnanswered',
  TOPIC_DOCUMENT_RECEIVED: 'topic.documentReceived',
  TOPIC_DOCUMENT_REFUSED: 'topic.documentRefused',
  TOPIC_DIRECTIVE_DUE: 'topic.directiveDue',
  TOPIC_TASK_RELEASED: 'topic.taskReleased',
  TOPIC_SUPPLEMENT_HANDED_IN: 'topic.supplementHandedIn',
  TOPIC_SURPLUS_PAYMENT: 'topic.surplusPayment',
  TOPIC_CONTACT_UNREACHABLE: 'topic.contactUnreachable',
  TOPIC_WEBHOOK_SUSPENDED: 'topic.webhookSuspended',
  TOPIC_SETTINGS_ENDED: 'topic.settingsEnded',
};
