import {
  type GetPreferencesRequest,
  type GetPreferencesResponse,
  SetAgencyPreferencesRequest,
  SetAgencyPreferencesResponse,
  SetContactRequest,
  SetContactResponse,
  SetPreferencesRequest,
  SetPreferencesResponse,
} from '@lienthong/contracts/notification';
import { carryOutOnce } from '@lienthong/eventlog';
import { type CallInfo, callerOf, parse, refuse } from '@lienthong/kit';
import { maskedEmail, maskedPhone } from '../domain/masking.ts';
import { allEffective } from '../domain/preferences.ts';
import { RecipientKind } from '../domain/recipients.ts';
import { readContacts, saveOfficerContact } from '../store/contacts.ts';
import { readOwnPreferences, savePreferences } from '../store/people.ts';
import type { Edge } from './edge.ts';
import { setContact as contactSchema, setPreferences as preferencesSchema } from './fields.ts';

function officerOf({ principal }: CallInfo): string {
  if (principal.officerId !== '') return principal.officerId;
  return refuse({
    kind: 'permission-denied',
    reason: 'OFFICER_REQUIRED',
    message: 'this call needs a token that names an officer',
  });
}

export const setContact =
  ({ db, clock, sealer }: Edge) =>
  (request: SetContactRequest, info: CallInfo): Promise<SetContactResponse> => {
    const officerId = officerOf(info);
    const { requestId, contact } = parse(contactSchema, request);
    return carryOutOnce(
      db,
      {
        method: 'SetContact',
        principal: info.principal,
        requestId,
        request,
        requestCodec: SetContactRequest,
        replyCodec: SetContactResponse,
      },
      async (tx) => {
        saveOfficerContact(tx, sealer, officerId, contact, clock.now());
        return {};
      },
    );
  };

export const getPreferences =
  ({ db, sealer }: Edge) =>
  async (_: GetPreferencesRequest, info: CallInfo): Promise<GetPreferencesResponse> => {
    const officerId = officerOf(info);
    const [{ own, agency }, contacts] = await Promise.all([
      readOwnPreferences(db, officerId, info.principal.agencyId),
      readContacts(db, sealer, RecipientKind.OFFICER, [officerId]),
    ]);
    const { email, phone } = contacts.get(officerId) ?? { email: '', phone: '' };
    return {
      preferences: allEffective(own, agency),
      contact: { email: maskedEmail(email ?? ''), phone: maskedPhone(phone ?? '') },
    };
  };

export const setPreferences =
  ({ db, clock }: Edge) =>
  (request: SetPreferencesRequest, info: CallInfo): Promise<SetPreferencesResponse> => {
    const officerId = officerOf(info);
    const { requestId, preferences } = parse(preferencesSchema, request);
    return carryOutOnce(
      db,
      {
        method: 'SetPreferences',
        principal: info.principal,
        requestId,
        request,
        requestCodec: SetPreferencesRequest,
        replyCodec: SetPreferencesResponse,
      },
      async (tx) => {
        savePreferences(tx, RecipientKind.OFFICER, officerId, preferences, clock.now());
        return {};
      },
    );
  };

export const setAgencyPreferences =
  ({ db, clock }: Edge) =>
  (request: SetAgencyPreferencesRequest, info: CallInfo): Promise<SetAgencyPreferencesResponse> => {
    const agencyId = callerOf(info);
    const { requestId, preferences } = parse(preferencesSchema, request);
    return carryOutOnce(
      db,
      {
        method: 'SetAgencyPreferences',
        principal: info.principal,
        requestId,
        request,
        requestCodec: SetAgencyPreferencesRequest,
        replyCodec: SetAgencyPreferencesResponse,
      },
      async (tx) => {
        savePreferences(tx, RecipientKind.AGENCY, agencyId, preferences, clock.now());
        return {};
      },
    );
  };
