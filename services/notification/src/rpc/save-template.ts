import { hash } from 'node:crypto';
import { toAct } from '@lienthong/eventlog';
import { field, invalid, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { insertVersion } from '../store/templates.ts';
import { checkTemplate } from '../templates/check.ts';
import { mutation, OPERATORS, Operations } from './deps.ts';
import { findTemplate, toTemplate } from './template-request.ts';

/** Saves a new version once `checkTemplate` finds no problem. Refuses: TEMPLATE_NOT_FOUND, and each problem. */
export const saveTemplate = mutation(Operations.saveTemplate, {
  policy: OPERATORS,
  request: z.object({
    key: z.string(),
    title: field.text({ min: 1, max: 1000 }),
    body: field.text({ min: 1, max: 10_000 }),
  }),
  prepare(request) {
    const violations = checkTemplate(findTemplate(request.key), request);
    return violations.length > 0 ? refuse(invalid(violations)) : request;
  },
  async run(tx, { key, title, body }, { caller, now }, { events }) {
    const saved = await insertVersion(tx, { key, title, body, savedAt: now, savedBy: caller.officerId });
    const digest = hash('sha256', `${title}\n${body}`);
    const payload = { key, version: saved.version, digest };
    events.append(tx, [toAct('lienthong.notification.v1.TemplateSaved', payload)], caller);
    return { template: toTemplate(saved) };
  },
});
