import type { DossierStanding, Transition, TransitionOutcome } from '@lienthong/contracts/casework';
import { type Context, invalid, RefusalError, refuse, toServerError } from '@lienthong/kit';
import { z } from 'zod';
import { acceptDossier } from './accept-dossier.ts';
import { assignTask } from './assign-task.ts';
import { claimTask } from './claim-task.ts';
import { completeTask } from './complete-task.ts';
import { Casework, type Deps, query, WORKS_WITH_DOSSIERS } from './deps.ts';
import { extendDeadline } from './extend-deadline.ts';
import { handOverTask } from './hand-over-task.ts';
import { receiveSupplement } from './receive-supplement.ts';
import { recordPayment } from './record-payment.ts';
import { refuseDossier } from './refuse-dossier.ts';
import { requestConsultation } from './request-consultation.ts';
import { requestPayment } from './request-payment.ts';
import { requestSupplement } from './request-supplement.ts';
import { resumeDossier } from './resume-dossier.ts';
import { returnResult } from './return-result.ts';
import { returnTask } from './return-task.ts';
import { stopDossier } from './stop-dossier.ts';
import { withdrawDossier } from './withdraw-dossier.ts';

const MAX_TRANSITIONS = 500;
/** Transitions share transactions: so many cost what one call does. */
const TRANSITIONS_PER_COST = 50;

interface TransitionReply {
  standing: DossierStanding | undefined;
}

type Named = NonNullable<Transition['transition']>;

interface Run<Request> {
  run(request: Request, context: Context, deps: Deps): Promise<TransitionReply>;
}

const transitions = z.array(z.custom<Transition>()).superRefine((many, context) => {
  const count = many.length;
  if (count >= 1 && count <= MAX_TRANSITIONS) return;
  const message = `must be 1 to ${MAX_TRANSITIONS}; there are ${count}`;
  const reason = count < 1 ? 'FIELD_REQUIRED' : 'TOO_MANY';
  context.addIssue({ code: 'custom', message, params: { reason } });
});

/**
 * Each transition has a request_id and a result of its own, as if it had been called alone. The whole call fails only
 * when the result of one is not known (the database went away); sent again, those that were done reply as before.
 */
export const transitMany = query(Casework.transitMany, {
  changes: true,
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ transitions }),
  cost: ({ transitions }) => 1 + transitions.length / TRANSITIONS_PER_COST,
  maxBytes: 4 * 1024 * 1024,
  maxValues: 50_000,
  async handle({ transitions }, context, deps) {
    const settled = await Promise.allSettled(transitions.map((one) => transit(one, context, deps)));
    return { outcomes: settled.map(toOutcome) };
  },
});

const METHODS = {
  accept: acceptDossier,
  refuse: refuseDossier,
  claim: claimTask,
  assign: assignTask,
  complete: completeTask,
  handOver: handOverTask,
  returnTask,
  requestConsultation,
  requestSupplement,
  receiveSupplement,
  requestPayment,
  recordPayment,
  withdraw: withdrawDossier,
  stop: stopDossier,
  resume: resumeDossier,
  extend: extendDeadline,
  returnResult,
} satisfies { [K in Named['$case']]: Run<Extract<Named, { $case: K }>['value']> };

async function transit({ transition }: Transition, context: Context, deps: Deps): Promise<TransitionReply> {
  if (transition === undefined)
    return refuse(
      invalid([{ field: 'transition', description: 'must name a transition', reason: 'FIELD_REQUIRED' }]),
    );
  const method: Run<never> = METHODS[transition.$case];
  return method.run(transition.value as never, context, deps);
}

function toOutcome(result: PromiseSettledResult<TransitionReply>): TransitionOutcome {
  if (result.status === 'fulfilled') {
    const { standing } = result.value;
    if (standing === undefined) throw new Error('a transition has no standing in its reply');
    return { outcome: { $case: 'done', value: standing } };
  }
  const error: unknown = result.reason;
  if (!(error instanceof RefusalError)) throw error;
  const { code, details: message } = toServerError(error.refusal);
  return { outcome: { $case: 'refused', value: { code, reason: error.refusal.reason, message } } };
}
