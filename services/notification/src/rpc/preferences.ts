import type { Topic } from '@lienthong/contracts/notification';
import { toAct } from '@lienthong/eventlog';
import { z } from 'zod';
import { maskedEmail, maskedPhone } from '../domain/masking.ts';
import { allEffectivePreferences } from '../domain/preferences.ts';
import { RecipientKind } from '../domain/recipients.ts';
import { readContacts, saveOfficerContact } from '../store/contacts.ts';
import { readOwnPreferences, savePreferences } from '../store/people.ts';
import { LEADERS, mutation, Notifications, officerOf, query, STAFF } from './deps.ts';
import { contactRequest, preferencesRequest } from './fields.ts';

/** Refuses: OFFICER_REQUIRED. */
export const setContact = mutation(Notifications.setContact, {
  policy: STAFF,
  request: contactRequest,
  async run(tx, { contact }, context, { sealer, events }) {
    const officerId = officerOf(context);
    saveOfficerContact(tx, sealer, officerId, contact, context.now);
    const payload = { officerId, hasEmail: contact.email !== '', hasPhone: contact.phone !== '' };
    events.append(tx, [toAct('lienthong.notification.v1.ContactSet', payload)], context.caller);
    return {};
  },
});

/** Refuses: OFFICER_REQUIRED. */
export const getPreferences = query(Notifications.getPreferences, {
  policy: STAFF,
  request: z.object({}),
  async handle(_, context, { db, sealer }) {
    const officerId = officerOf(context);
    const [{ own, agency }, contacts] = await Promise.all([
      readOwnPreferences(db, officerId, context.caller.agencyId),
      readContacts(db, sealer, RecipientKind.OFFICER, [officerId]),
    ]);
    const { email, phone, emailFailedAt } = contacts.get(officerId) ?? {};
    return {
      preferences: allEffectivePreferences(own, agency),
      contact: { email: maskedEmail(email ?? ''), phone: maskedPhone(phone ?? '') },
      emailFailedAt: emailFailedAt ?? undefined,
    };
  },
});

/** Refuses: OFFICER_REQUIRED. */
export const setPreferences = mutation(Notifications.setPreferences, {
  policy: STAFF,
  request: preferencesRequest,
  async run(tx, { preferences }, context, { events }) {
    const officerId = officerOf(context);
    savePreferences(tx, RecipientKind.OFFICER, officerId, preferences, context.now);
    const payload = { officerId, agencyId: '', topics: topicsOf(preferences) };
    events.append(tx, [toAct('lienthong.notification.v1.PreferencesSet', payload)], context.caller);
    return {};
  },
});

export const setAgencyPreferences = mutation(Notifications.setAgencyPreferences, {
  policy: LEADERS,
  request: preferencesRequest,
  async run(tx, { preferences }, { caller, now }, { events }) {
    const { agencyId } = caller;
    savePreferences(tx, RecipientKind.AGENCY, agencyId, preferences, now);
    const payload = { officerId: '', agencyId, topics: topicsOf(preferences) };
    events.append(tx, [toAct('lienthong.notification.v1.PreferencesSet', payload, { agencyId })], caller);
    return {};
  },
});

const topicsOf = ({ topics }: { topics: readonly { topic: Topic }[] }): Topic[] =>
  topics.map(({ topic }) => topic);
