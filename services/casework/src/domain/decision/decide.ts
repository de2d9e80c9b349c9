/** The one way of every command: enter, check the rules, change, settle. */
import { type Result, vietnamDate } from '@lienthong/kit';
import { actingAgency } from '@lienthong/reference-data';
import { extend } from '../deadlines/extend.ts';
import { receivePayment, recordPayment, requestPayment } from '../deadlines/payment.ts';
import { resume, stop } from '../deadlines/stop.ts';
import { receiveSupplement, requestSupplement } from '../deadlines/supplement.ts';
import type { World } from '../dossier/world.ts';
import { handIn } from '../files/hand-in.ts';
import { withFiles } from '../files/named.ts';
import { withDataChanges } from '../history/data-changes.ts';
import { accept, refuseAtIntake } from '../intake/examine.ts';
import { returnResult, withdraw } from '../intake/leave.ts';
import { lodge } from '../intake/lodge.ts';
import { bringUpToDate } from '../succession/reroute.ts';
import { assign, claim, handOver } from '../work/assignment.ts';
import { complete } from '../work/complete.ts';
import { consult } from '../work/consult.ts';
import { returnTask } from '../work/return.ts';
import { endSubProcedure } from '../work/sub-ended.ts';
import { dossierUnknown, isPlatform, takesPart } from './callers.ts';
import type { Command, Transition } from './command.ts';
import { type Draft, openDraft } from './draft.ts';
import type { Decision } from './events.ts';
import { enforce, resultOf, unwrap } from './refusals.ts';
import { settle } from './settle.ts';
import type { Execute, Kind, TransitionOf } from './transition.ts';

const TRANSITIONS: { [K in Kind]: Execute<K> } = {
  accept,
  refuse: refuseAtIntake,
  claim,
  assign,
  complete,
  'hand-over': handOver,
  return: returnTask,
  consult,
  'request-supplement': requestSupplement,
  'receive-supplement': receiveSupplement,
  'hand-in': handIn,
  'request-payment': requestPayment,
  'record-payment': recordPayment,
  'receive-payment': receivePayment,
  withdraw,
  stop,
  resume,
  extend,
  'return-result': returnResult,
  'sub-ended': endSubProcedure,
};

/** A draft after a transition. Refuses what its rules and edits refuse. */
export function execute<K extends Kind>(draft: Draft, command: TransitionOf<K>): Draft {
  const run: Execute<K> = TRANSITIONS[command.kind as K];
  return run(draft, command);
}

/** What a command does to a dossier, or why it does nothing. Pure: the world stays as it is. */
export const decide = (command: Command, world: World): Result<Decision> =>
  resultOf(() => {
    const before = world.dossiers.get(command.dossierId);
    const decision =
      command.kind === 'lodge' ? lodge(command, world) : settle(execute(enter(command, world), command));
    return withDataChanges(withFiles(decision, before, world), before);
  });

/**
 * A draft on the dossier, as it stands once the work of ended agencies is with their successors. Refuses:
 * DOSSIER_UNKNOWN, AGENCY_UNKNOWN, AGENCY_ENDED, CLOCK_BACKWARDS, PROCEDURE_NOT_KNOWN_YET.
 */
function enter({ dossierId, caller, now }: Transition, world: World): Draft {
  const dossier = world.dossiers.get(dossierId);
  if (!dossier) return unwrap({ ok: false, refusal: dossierUnknown });
  const opened = resultOf(() => bringUpToDate(openDraft(dossier, world, caller, now)));
  // Strangers learn nothing of a dossier, not even that it cannot be changed now.
  if (!isPlatform(caller)) {
    const seen = opened.ok ? opened.value.dossier : dossier;
    const today = vietnamDate(new Date(now));
    if (!takesPart(world, caller, seen, today)) enforce(dossierUnknown);
    unwrap(actingAgency(world.agencies, caller.agencyId, today));
  }
  return unwrap(opened);
}
