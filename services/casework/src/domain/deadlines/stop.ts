import { DossierStatus } from '@lienthong/contracts/casework';
import { actOf, emit, patch } from '../decision/draft.ts';
import { mustActForHolder, mustBePausedAs, mustNotBeClosed, UNDER_WAY } from '../decision/rules.ts';
import { onDossier } from '../decision/transition.ts';
import { pauseClocks, resumeClocks } from './pausing.ts';

export const stop = onDossier<'stop'>({
  rules: [mustActForHolder, ...UNDER_WAY],
  edits({ reason }, draft) {
    const { acts, dueAt } = draft.dossier;
    return [
      patch({ reason, acts: { ...acts, stopped: { ...actOf(draft), reason, dueAt } } }),
      pauseClocks({ status: DossierStatus.STOPPED, content: reason, amountVnd: 0 }),
      emit('lienthong.casework.v1.DossierStopped', { at: new Date(draft.now) }),
    ];
  },
});

export const resume = onDossier<'resume'>({
  rules: [
    mustActForHolder,
    mustNotBeClosed,
    mustBePausedAs(
      DossierStatus.STOPPED,
      'NOT_STOPPED',
      'the dossier is not stopped; it needs no resumption',
    ),
  ],
  edits: (_, { now }) => [
    patch({ reason: '' }),
    resumeClocks,
    emit('lienthong.casework.v1.DossierResumed', { at: new Date(now) }),
  ],
});
