import { MessageChannel, NotificationState } from '@lienthong/contracts/notification';
import { type Tx, uuidv7 } from '@lienthong/kit';
import type { Intent } from '../domain/intent.ts';
import type { PlannedMessage } from '../domain/plan.ts';
import type { RenderedMessage, Templates } from '../domain/templates.ts';

/** Inserts planned messages, each event, recipient, topic and channel once. In-app messages count as sent at once. */
export function insertPlanned(
  tx: Tx,
  planned: readonly PlannedMessage[],
  templates: Templates,
  now: Date,
): void {
  if (planned.length === 0) return;
  // One intent has the same text for many recipients.
  const texts = new Map<Intent, Map<string, RenderedMessage>>();
  const rows = planned.map((one) => {
    const inApp = one.channel === MessageChannel.IN_APP;
    const rendered = inApp ? textOf(texts, one, templates) : undefined;
    return {
      ...one,
      content: inApp ? '{}' : JSON.stringify(one.intent.values),
      state: inApp ? NotificationState.SENT : NotificationState.PENDING,
      version: rendered?.version ?? 0,
      title: rendered?.title ?? '',
      body: rendered?.body ?? '',
    };
  });
  const column = <V>(of: (row: (typeof rows)[number]) => V) => rows.map(of);
  tx.send({
    name: 'insert_planned',
    text: `insert into notification (id, event_id, recipient_kind, recipient_id, agency_id, topic, channel, priority,
                                     state, language, dossier_code, document_id, content, created_at, due_at, quiet,
                                     digest, template_key, template_version, title, body)
           select id, event_id, recipient_kind, recipient_id, agency_id, topic, channel, priority, state, language,
                  dossier_code, document_id, content, $20, due_at, quiet, digest, template_key, template_version,
                  title, body
             from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::uuid[], $6::smallint[],
                         $7::smallint[], $8::smallint[], $9::smallint[], $10::smallint[], $11::text[], $12::text[],
                         $13::jsonb[], $14::timestamptz[], $15::boolean[], $16::boolean[], $17::text[], $18::int[],
                         $19::text[], $21::text[])
                  with ordinality as p (id, event_id, recipient_kind, recipient_id, agency_id, topic, channel,
                                        priority, state, language, dossier_code, document_id, content, due_at, quiet,
                                        digest, template_key, template_version, title, body, place)
            order by place
           on conflict (event_id, recipient_id, topic, channel) do nothing`,
    values: [
      column(() => uuidv7()),
      column((r) => r.intent.eventId),
      column((r) => r.recipient.kind),
      column((r) => r.recipient.id),
      column((r) => r.recipient.agencyId || null),
      column((r) => r.intent.topic),
      column((r) => r.channel),
      column((r) => r.intent.priority),
      column((r) => r.state),
      column((r) => r.language),
      column((r) => r.intent.dossierCode),
      column((r) => r.intent.documentId),
      column((r) => r.content),
      column((r) => r.dueAt.toISOString()),
      column((r) => r.quiet),
      column((r) => r.digest),
      column((r) => r.templateKey),
      column((r) => r.version),
      column((r) => r.title),
      now.toISOString(),
      column((r) => r.body),
    ],
  });
}

function textOf(
  texts: Map<Intent, Map<string, RenderedMessage>>,
  one: PlannedMessage,
  templates: Templates,
): RenderedMessage {
  const ofIntent = texts.get(one.intent) ?? new Map<string, RenderedMessage>();
  texts.set(one.intent, ofIntent);
  const text = ofIntent.get(one.templateKey) ?? templates.render(one.templateKey, one.intent.values);
  ofIntent.set(one.templateKey, text);
  return text;
}
