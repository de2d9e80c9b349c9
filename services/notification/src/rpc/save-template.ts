import { SaveTemplateRequest, SaveTemplateResponse } from '@lienthong/contracts/notification';
import { carryOutOnce } from '@lienthong/eventlog';
import { type CallInfo, type Clock, type Database, field, invalid, parse, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { insertVersion } from '../store/templates.ts';
import { checkTemplate } from '../templates/check.ts';
import { knownTemplate, toTemplate } from './template-request.ts';

const schema = z.object({
  requestId: field.uuid,
  key: z.string(),
  title: field.text({ min: 1, max: 1000 }),
  body: field.text({ min: 1, max: 10_000 }),
});

/** A new version, once it is well-formed and uses what its topic has. */
export function saveTemplate({ db, clock }: { db: Database; clock: Clock }) {
  return (request: SaveTemplateRequest, { principal }: CallInfo): Promise<SaveTemplateResponse> => {
    const { requestId, key, title, body } = parse(schema, request);
    const violations = checkTemplate(knownTemplate(key), { title, body });
    if (violations.length > 0) refuse(invalid(violations));
    const call = {
      method: 'SaveTemplate',
      principal,
      requestId,
      request,
      requestCodec: SaveTemplateRequest,
      replyCodec: SaveTemplateResponse,
    };
    return carryOutOnce(db, call, async (tx) => {
      const given = { key, title, body, savedAt: clock.now(), savedBy: principal.officerId };
      return { template: toTemplate(await insertVersion(tx, given)) };
    });
  };
}
