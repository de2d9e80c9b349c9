/** What is missing is requested once, in full; the clock starts from zero when it has come. */
import { DossierStatus } from '@lienthong/contracts/casework';
import { invalid, type Refusal, refuse } from '@lienthong/kit';
import { addDays, days, durationText, startOfClock } from '@lienthong/working-time';
import { actOf, type Draft, emit, patch } from '../decision/draft.ts';
import { precondition, unwrap } from '../decision/refusals.ts';
import {
  mustActForHolder,
  mustActForIntake,
  mustBePausedAs,
  mustNotBeClosed,
  mustNotBePaused,
  withinLaw,
} from '../decision/rules.ts';
import { onDossier, type TransitionOf } from '../decision/transition.ts';
import { toEventPapers } from '../dossier/messages.ts';
import type { Dossier } from '../dossier/state.ts';
import { mustHaveFiles, named, namedIn } from '../files/named.ts';
import { applyData } from '../intake/data.ts';
import { checkPapers, findMissingPapers } from '../intake/handed-in.ts';
import { unitFinder } from '../intake/units.ts';
import { timesText } from '../law/rules.ts';
import { factsOf } from '../work/openings.ts';
import { pauseClocks, restartClocks } from './pausing.ts';

export const requestSupplement = onDossier<'request-supplement'>({
  rules: [
    mustActForHolder,
    mustNotBeClosed,
    withinLaw(mustBeFirst),
    mustNotBePaused,
    withinLaw(mustBeInTime),
  ],
  edits({ content, reason, contactPhone: phone }, draft) {
    const { holder, supplements, acts } = draft.dossier;
    const supplement = { ...actOf(draft), content, reason, phone };
    return [
      patch({ supplements: supplements + 1, acts: { ...acts, supplement } }),
      pauseClocks({ status: DossierStatus.SUPPLEMENT_REQUESTED, content, amountVnd: 0 }),
      emit('lienthong.casework.v1.SupplementRequested', {
        agencyId: holder.agencyId,
        at: new Date(draft.now),
      }),
    ];
  },
});

function mustBeFirst({ dossier, rules }: Draft): Refusal | undefined {
  const { atMost, source } = rules.supplement;
  if (dossier.supplements < atMost) return undefined;
  const message = `a supplement can be requested ${timesText(atMost)}, in full (${source}); decide on what is there`;
  return precondition('SUPPLEMENT_ALREADY_ASKED', message);
}

/** Within some working days after the holder received the dossier; after the cutoff it was received the next day. */
function mustBeInTime({ dossier, world, rules, now }: Draft): Refusal | undefined {
  const { withinDays, source } = rules.supplement;
  const calendar = world.calendars.of(dossier.holder.agencyId);
  const until = addDays(calendar, startOfClock(calendar, dossier.heldSince), withinDays);
  if (now <= until) return undefined;
  const end = new Date(until).toISOString();
  return {
    ...precondition(
      'SUPPLEMENT_TOO_LATE',
      `a supplement can be requested within ${durationText(days(withinDays)).en} after receipt, until ${end} (${source}); decide on what is there`,
    ),
    metadata: { until: end },
  };
}

export const receiveSupplement = onDossier<'receive-supplement'>({
  rules: [
    mustActForIntake,
    mustNotBeClosed,
    mustBePausedAs(
      DossierStatus.SUPPLEMENT_REQUESTED,
      'SUPPLEMENT_NOT_ASKED',
      'the dossier does not wait for a supplement; request it first',
    ),
  ],
  edits: (command, draft) => [
    patch(supplemented(draft, command)),
    restartClocks,
    emit('lienthong.casework.v1.SupplementReceived', {
      at: new Date(draft.now),
      papers: toEventPapers(command.papers, draft.procedure),
    }),
  ],
});

/** The dossier's data and papers with the supplement, which must be complete. Refuses, by field: what lodging refuses. */
function supplemented(
  draft: Draft,
  command: TransitionOf<'receive-supplement'>,
): Pick<Dossier, 'data' | 'papers'> {
  const { procedure, dossier } = draft;
  const data = applyData(
    dossier.data,
    command.data,
    procedure.definition.data,
    unitFinder(draft.world.agencies, draft.today),
  );
  const violations = checkPapers(command.papers, procedure);
  if (!data.ok) return refuse(invalid([...violations, ...(data.refusal.violations ?? [])]));
  const changed = { data: data.value, papers: [...dossier.papers, ...command.papers] };
  // A sub-procedure's dossier has what its parent had: its intake agency looks for what is missing. Another system took
  // as complete what it took.
  if (dossier.parentDossierId === '' && !draft.isPast) {
    const facts = factsOf(patch(changed)(draft));
    violations.push(...unwrap(findMissingPapers(changed.papers, procedure, facts)));
  }
  if (violations.length > 0) refuse(invalid(violations));
  mustHaveFiles(draft.world, command.caller, [
    ...named('papers', command.papers),
    ...namedIn(procedure, data.value, dossier.data),
  ]);
  return changed;
}
