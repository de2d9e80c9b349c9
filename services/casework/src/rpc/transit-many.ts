import type {
  Transition,
  TransitionOutcome,
  TransitManyRequest,
  TransitManyResponse,
} from '@lienthong/contracts/casework';
import { type CallInfo, invalid, RefusalError, refuse, toServerError, unreachable } from '@lienthong/kit';
import { acceptDossier } from './accept-dossier.ts';
import { assignTask } from './assign-task.ts';
import { claimTask } from './claim-task.ts';
import { completeTask } from './complete-task.ts';
import type { Edge } from './edge.ts';
import { handOverTask } from './hand-over-task.ts';
import { refuseDossier } from './refuse-dossier.ts';
import { returnResult } from './return-result.ts';
import { type Moved, transit } from './transition.ts';

const MAX_TRANSITIONS = 500;

/**
 * Each as if it had been called alone, at once, so that they share transactions. Only when the outcome of one is open
 * (the database went away) does the whole call fail; sent again, those that were done answer what they answered.
 */
export function transitMany(edge: Edge) {
  return async ({ transitions }: TransitManyRequest, info: CallInfo): Promise<TransitManyResponse> => {
    const count = transitions.length;
    if (count < 1 || count > MAX_TRANSITIONS)
      refuse(
        invalid([
          {
            field: 'transitions',
            description: `must be 1 to ${MAX_TRANSITIONS}; there are ${count}`,
            reason: count < 1 ? 'FIELD_REQUIRED' : 'TOO_MANY',
          },
        ]),
      );
    const settled = await Promise.allSettled(transitions.map((one) => dispatch(edge, one, info)));
    return { outcomes: settled.map(outcomeOf) };
  };
}

async function dispatch(edge: Edge, { transition }: Transition, info: CallInfo): Promise<Moved> {
  if (transition === undefined)
    return refuse(
      invalid([
        { field: 'transition', description: 'must name what is to be done', reason: 'FIELD_REQUIRED' },
      ]),
    );
  switch (transition.$case) {
    case 'accept':
      return transit(edge, acceptDossier, transition.value, info);
    case 'refuse':
      return transit(edge, refuseDossier, transition.value, info);
    case 'claim':
      return transit(edge, claimTask, transition.value, info);
    case 'assign':
      return transit(edge, assignTask, transition.value, info);
    case 'complete':
      return transit(edge, completeTask, transition.value, info);
    case 'handOver':
      return transit(edge, handOverTask, transition.value, info);
    case 'returnResult':
      return transit(edge, returnResult, transition.value, info);
    default:
      return unreachable(transition);
  }
}

function outcomeOf(result: PromiseSettledResult<Moved>): TransitionOutcome {
  if (result.status === 'fulfilled') {
    const { standing } = result.value;
    if (standing === undefined) throw new Error('a transition answered no standing');
    return { outcome: { $case: 'done', value: standing } };
  }
  const error: unknown = result.reason;
  if (!(error instanceof RefusalError)) throw error;
  const { code, details: message } = toServerError(error.refusal);
  return { outcome: { $case: 'refused', value: { code, reason: error.refusal.reason, message } } };
}
