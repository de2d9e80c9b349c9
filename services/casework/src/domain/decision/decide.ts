import { RefusalError, type Result, refused, unreachable } from '@lienthong/kit';
import { OutsideCalendarError } from '@lienthong/working-time';
import { decideExtend } from '../deadlines/extend.ts';
import { decideRecordPayment, decideRequestPayment } from '../deadlines/payment.ts';
import { decideResume, decideStop } from '../deadlines/stop.ts';
import { decideReceiveSupplement, decideRequestSupplement } from '../deadlines/supplement.ts';
import type { World } from '../dossier/world.ts';
import { decideAccept, decideRefuse } from '../intake/examine.ts';
import { decideReturnResult, decideWithdraw } from '../intake/leave.ts';
import { decideLodge } from '../intake/lodge.ts';
import { decideAssign, decideClaim, decideHandOver } from '../work/assignment.ts';
import { decideComplete } from '../work/complete.ts';
import { decideConsult } from '../work/consult.ts';
import { decideReturn } from '../work/return.ts';
import { decideSubEnded } from '../work/sub-ended.ts';
import type { Command } from './command.ts';
import type { Decided } from './events.ts';

/** What a command does to a dossier, or why it does nothing. Pure; the world is not changed. */
export const decide = (command: Command, world: World): Result<Decided> =>
  withinCalendar(() => dispatch(command, world));

/** Working time that leaves the years a calendar was built for is an answer: OUTSIDE_CALENDAR. */
export function withinCalendar<T>(compute: () => Result<T>): Result<T> {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RefusalError) return refused(error.refusal);
    if (!(error instanceof OutsideCalendarError)) throw error;
    return refused({ kind: 'out-of-range', reason: error.reason, message: error.message });
  }
}

function dispatch(command: Command, world: World): Result<Decided> {
  switch (command.kind) {
    case 'lodge':
      return decideLodge(command, world);
    case 'accept':
      return decideAccept(command, world);
    case 'refuse':
      return decideRefuse(command, world);
    case 'claim':
      return decideClaim(command, world);
    case 'assign':
      return decideAssign(command, world);
    case 'complete':
      return decideComplete(command, world);
    case 'hand-over':
      return decideHandOver(command, world);
    case 'return':
      return decideReturn(command, world);
    case 'consult':
      return decideConsult(command, world);
    case 'request-supplement':
      return decideRequestSupplement(command, world);
    case 'receive-supplement':
      return decideReceiveSupplement(command, world);
    case 'request-payment':
      return decideRequestPayment(command, world);
    case 'record-payment':
      return decideRecordPayment(command, world);
    case 'withdraw':
      return decideWithdraw(command, world);
    case 'stop':
      return decideStop(command, world);
    case 'resume':
      return decideResume(command, world);
    case 'extend':
      return decideExtend(command, world);
    case 'return-result':
      return decideReturnResult(command, world);
    case 'sub-ended':
      return decideSubEnded(command, world);
    default:
      return unreachable(command);
  }
}
