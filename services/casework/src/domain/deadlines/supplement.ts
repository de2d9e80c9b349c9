import { DossierStatus } from '@lienthong/contracts/casework';
import { accepted, invalid, type Refusal, type Result, refused } from '@lienthong/kit';
import { addDays, startOfClock } from '@lienthong/working-time';
import { actsForHolder, actsForIntake, first, notClosed, notPaused } from '../decision/access.ts';
import type { Transition } from '../decision/command.ts';
import { actOf, type Draft, decided, emit, patch } from '../decision/draft.ts';
import { enter } from '../decision/enter.ts';
import type { Decided } from '../decision/events.ts';
import { precondition } from '../decision/refusals.ts';
import { toldPapers } from '../dossier/show.ts';
import type { World } from '../dossier/world.ts';
import { changedData } from '../intake/data.ts';
import { missingPapers, wrongPapers } from '../intake/handed-in.ts';
import { factsOf } from '../work/openings.ts';
import { pauseAll, restartAll } from './pausing.ts';

type Of<K extends Transition['kind']> = Extract<Transition, { kind: K }>;

/** Form 02. Refused: SUPPLEMENT_ALREADY_ASKED, SUPPLEMENT_TOO_LATE. */
export function decideRequestSupplement(command: Of<'request-supplement'>, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const refusal = first(draft, actsForHolder, notClosed, notAskedBefore, notPaused, inTime);
  if (refusal) return refused(refusal);
  const { holder, supplements, acts } = draft.dossier;
  const { content } = command;
  patch(draft, {
    supplements: supplements + 1,
    acts: { ...acts, supplement: { ...actOf(draft), content } },
  });
  pauseAll(draft, { status: DossierStatus.SUPPLEMENT_REQUESTED, content, amountVnd: 0 });
  emit(draft, 'lienthong.casework.v1.SupplementRequested', {
    agencyId: holder.agencyId,
    at: new Date(draft.now),
  });
  return accepted(decided(draft));
}

const notAskedBefore = ({ dossier, rules }: Draft): Refusal | undefined =>
  dossier.supplements < rules.supplement.atMost
    ? undefined
    : precondition(
        'SUPPLEMENT_ALREADY_ASKED',
        `a supplement may be asked for ${rules.supplement.atMost} time, in full (${rules.supplement.source}); decide on what is there`,
      );

/** Within so many working days after the holder has received the dossier; what came after the cutoff came the next day. */
function inTime({ dossier, world, rules, now }: Draft): Refusal | undefined {
  const { withinDays, source } = rules.supplement;
  const calendar = world.calendars.of(dossier.holder.agencyId);
  const until = addDays(calendar, startOfClock(calendar, dossier.heldSince), withinDays);
  if (now <= until) return undefined;
  const end = new Date(until).toISOString();
  return {
    ...precondition(
      'SUPPLEMENT_TOO_LATE',
      `a supplement may be asked for within ${withinDays} working days after receipt, until ${end} (${source}); decide on what is there`,
    ),
    metadata: { until: end },
  };
}

/** All that was missing has come. Refused: SUPPLEMENT_NOT_ASKED, and by field as at lodging. */
export function decideReceiveSupplement(command: Of<'receive-supplement'>, world: World): Result<Decided> {
  const entered = enter(command, world);
  if (!entered.ok) return entered;
  const draft = entered.value;
  const refusal = first(draft, actsForIntake, notClosed, isAwaited);
  if (refusal) return refused(refusal);
  const { procedure, dossier } = draft;
  const data = changedData(dossier.data, command.data, procedure.definition.data);
  const violations = wrongPapers(command.papers, procedure);
  if (!data.ok) return refused(invalid([...violations, ...(data.refusal.violations ?? [])]));
  const papers = [...dossier.papers, ...command.papers];
  patch(draft, { data: data.value, papers });
  if (dossier.parentDossierId === '') {
    const missing = missingPapers(papers, procedure, factsOf(draft));
    if (!missing.ok) return missing;
    violations.push(...missing.value);
  }
  if (violations.length > 0) return refused(invalid(violations));
  restartAll(draft);
  emit(draft, 'lienthong.casework.v1.SupplementReceived', {
    at: new Date(draft.now),
    papers: toldPapers(command.papers, procedure),
  });
  return accepted(decided(draft));
}

const isAwaited = ({ dossier }: Draft): Refusal | undefined =>
  dossier.pause?.status === DossierStatus.SUPPLEMENT_REQUESTED
    ? undefined
    : precondition('SUPPLEMENT_NOT_ASKED', 'no supplement is awaited; request it first');
