import { type Refusal, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { explain } from '../domain/deadlines/explain.ts';
import { toDate } from '../domain/dossier/messages.ts';
import type { WholeDossier } from '../store/whole-dossier.ts';
import { Casework, query, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId } from './fields.ts';
import { dossierFor } from './participation.ts';

const taskNumber = z.number().superRefine((number, context) => {
  if (Number.isInteger(number) && number >= 0) return;
  const message = 'must be the number of a task, or 0 for the dossier itself';
  context.addIssue({ code: 'custom', message, params: { reason: 'TASK_NUMBER_INVALID' } });
});

/** Explains what a recomputation on the calendar of today gives. */
export const explainDossierDeadline = query(Casework.explainDossierDeadline, {
  policy: WORKS_WITH_DOSSIERS,
  reads: 'buffered',
  request: z.object({ dossierId, taskNumber }),
  async handle({ dossierId, taskNumber }, context, deps) {
    const whole = await dossierFor(context, deps, { dossierId, code: '' });
    const { clock, agencyId } = clockOf(whole, taskNumber);
    if (clock === null) return refuse(noDeadline);
    const explained = explain(deps.reference.calendars.of(agencyId), clock);
    if (!explained.ok) return refuse(explained.refusal);
    const { dueAt, provisional, lines } = explained.value;
    return { dueAt: toDate(dueAt), dueProvisional: provisional, lines };
  },
});

function clockOf({ dossier, tasks }: WholeDossier, number: number) {
  if (number === 0) return { clock: dossier.clock, agencyId: dossier.intake.agencyId };
  const task = tasks.find((one) => one.number === number);
  if (task === undefined)
    return refuse({
      kind: 'not-found',
      reason: 'TASK_UNKNOWN',
      message: `the dossier has no task ${number}; its tasks are 1 to ${dossier.lastTask}`,
    });
  return { clock: task.clock, agencyId: task.agency.agencyId };
}

const noDeadline: Refusal = {
  kind: 'failed-precondition',
  reason: 'NO_DEADLINE',
  message:
    'there is no time limit to explain: the dossier is not accepted yet or was withdrawn, or the procedure sets none',
};
