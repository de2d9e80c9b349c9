import { type EventLog, toAct } from '@lienthong/eventlog';
import {
  type Clock,
  type Database,
  type ListenTls,
  type Logger,
  PLATFORM,
  type Sealer,
  type Worker,
} from '@lienthong/kit';
import { type Callback, type CallbackReply, callbackServer } from '@lienthong/outbound';
import type { ReferenceCache } from '@lienthong/reference-data';
import { withoutMail } from '../domain/preferences.ts';
import { RecipientKind } from '../domain/recipients.ts';
import { deleteFollower, deletePendingMails } from '../store/contacts.ts';
import { readOwnPreferences, savePreferences } from '../store/people.ts';
import { ABOUT, confirmationPage, donePage, expiredPage, incompletePage, unknownPage } from './page.ts';
import { readToken, type Subscription } from './token.ts';

export interface UnsubscribeDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  tls: ListenTls;
  events: EventLog;
  sealer: Sealer;
  reference: ReferenceCache;
}

const MAX_BODY_BYTES = 16 * 1024;
/** As a form, or as a part of a multipart form (RFC 8058, 3.2). */
const ONE_CLICK = /List-Unsubscribe(?:=|"\r?\n\r?\n)One-Click/;

/**
 * Ends mails at `/unsubscribe?token=…`: a POST of the mail reader's one click (RFC 8058), or of the page that a GET shows.
 * A GET changes nothing.
 */
export function unsubscribeServer(deps: UnsubscribeDeps, listen: string): Worker {
  const { clock, log, tls, sealer } = deps;

  async function receive({ method, query, body }: Callback): Promise<CallbackReply> {
    const token = query.token ?? '';
    const subscription = readToken(token, sealer, clock.now());
    if (subscription === undefined) return { status: 404, html: unknownPage };
    if (subscription === 'expired') return { status: 410, html: expiredPage };
    const about = subscription.kind === RecipientKind.CITIZEN ? ABOUT.dossier : ABOUT.topic;
    if (method === 'GET') return { status: 200, html: confirmationPage(token, about) };
    if (!ONE_CLICK.test(body.toString('utf8'))) return { status: 400, html: incompletePage };
    await unsubscribe(subscription, deps);
    return { status: 200, html: donePage(about) };
  }

  return callbackServer({
    name: 'unsubscribe',
    listen,
    tls,
    log,
    maxBodyBytes: MAX_BODY_BYTES,
    endpoints: new Map([['/unsubscribe', { methods: ['POST', 'GET'], receive }]]),
  });
}

/** A citizen follows the dossier no more; an officer gets no mails of the topic, but keeps the other channels. */
const unsubscribe = ({ kind, id, topic }: Subscription, { db, clock, events, reference }: UnsubscribeDeps) =>
  db.transaction(async (tx) => {
    if (kind === RecipientKind.CITIZEN) {
      deleteFollower(tx, id);
      const act = toAct('lienthong.notification.v1.DossierUnfollowed', { dossierId: id });
      events.append(tx, [act], PLATFORM);
      return;
    }
    await reference.refresh(tx);
    const agencyId = reference.officers.get(id)?.agencyId ?? '';
    const { own, agency } = await readOwnPreferences(tx, id, agencyId);
    savePreferences(tx, RecipientKind.OFFICER, id, withoutMail(own, agency, topic), clock.now());
    deletePendingMails(tx, id, topic);
    const act = toAct('lienthong.notification.v1.MailsEnded', { officerId: id, topic });
    events.append(tx, [act], { agencyId, officerId: id });
  });
