import { toAct } from '@lienthong/eventlog';
import { field } from '@lienthong/kit';
import { checkUrl, newWebhookSecret } from '@lienthong/outbound';
import { z } from 'zod';
import { deleteEndpoint, readOrigin, saveEndpoint } from '../store/endpoints.ts';
import { LEADERS, mutation, Notifications, query } from './deps.ts';

/**
 * Sets an agency's own receiver for the webhook channel, with a new secret; an empty URL removes it.
 * Refuses: what `checkUrl` refuses.
 */
export const setAgencyEndpoint = mutation(Notifications.setAgencyEndpoint, {
  policy: LEADERS,
  request: z.object({ url: field.text({ max: 2_000 }) }),
  prepare: async ({ url }, _, { address }) => (url === '' ? '' : checkUrl(url, address)),
  sealer: ({ sealer }) => sealer,
  async run(tx, url, { caller, now }, { sealer, events }) {
    const { agencyId } = caller;
    const secret = url === '' ? '' : newWebhookSecret();
    if (url === '') deleteEndpoint(tx, agencyId);
    else saveEndpoint(tx, sealer, agencyId, { url, secret }, now);
    const payload = { agencyId, origin: url === '' ? '' : new URL(url).origin };
    events.append(tx, [toAct('lienthong.notification.v1.AgencyEndpointSet', payload, { agencyId })], caller);
    return { secret };
  },
});

export const getAgencyEndpoint = query(Notifications.getAgencyEndpoint, {
  policy: LEADERS,
  request: z.object({}),
  async handle(_, { caller }, { db }) {
    const found = await readOrigin(db, caller.agencyId);
    return { origin: found?.origin ?? '', changedAt: found?.changed_at };
  },
});
