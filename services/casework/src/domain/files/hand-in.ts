/** The citizen hands a file in for the supplement that was requested. */
import { DossierStatus } from '@lienthong/contracts/casework';
import type { Refusal } from '@lienthong/kit';
import { type Draft, emit, patch } from '../decision/draft.ts';
import { precondition } from '../decision/refusals.ts';
import { mustBePausedAs, mustNotBeClosed } from '../decision/rules.ts';
import { onDossier, type TransitionOf } from '../decision/transition.ts';

/** The most files that a citizen hands in for one dossier. */
const MAX_FILES = 50;

export const mustAwaitFiles = mustBePausedAs(
  DossierStatus.SUPPLEMENT_REQUESTED,
  'SUPPLEMENT_NOT_ASKED',
  'the dossier does not wait for a supplement; files are taken only while one is requested',
);

/** Files that follow each other faster are one notification. */
const NOTIFIED_AGAIN_MS = 3_600_000;

/** Refuses: DOSSIER_CLOSED, SUPPLEMENT_NOT_ASKED, HANDED_IN_ALREADY for the same content, TOO_MANY_FILES. */
export const handIn = onDossier<'hand-in'>({
  rules: [mustNotBeClosed, mustAwaitFiles, mustBeNew, mustHaveRoom],
  edits: ({ file }, draft) => {
    const { dossier, now } = draft;
    return [
      patch({ handedIn: [...dossier.handedIn, { ...file, at: now }] }),
      emit('lienthong.casework.v1.SupplementFileHandedIn', {
        at: new Date(now),
        contentType: file.contentType,
        sizeBytes: BigInt(file.sizeBytes),
        ...notifiedBy(draft),
      }),
    ];
  },
});

function notifiedBy({ dossier, now }: Draft): { officerId: string; agencyId: string } {
  const { handedIn, holder, open, acts } = dossier;
  const last = handedIn.at(-1);
  if (last !== undefined && now < last.at + NOTIFIED_AGAIN_MS) return { officerId: '', agencyId: '' };
  const task = open.find((one) => one.agency.agencyId === holder.agencyId && one.assigneeId !== '');
  return { officerId: task?.assigneeId ?? acts.supplement?.officerId ?? '', agencyId: holder.agencyId };
}

function mustBeNew({ dossier }: Draft, { file }: TransitionOf<'hand-in'>): Refusal | undefined {
  return dossier.handedIn.some(({ sha256 }) => sha256 === file.sha256) ? HANDED_IN_ALREADY : undefined;
}

function mustHaveRoom({ dossier }: Draft): Refusal | undefined {
  const message = `at most ${MAX_FILES} files can be handed in for a dossier; bring the rest to the one-stop unit`;
  return dossier.handedIn.length < MAX_FILES ? undefined : precondition('TOO_MANY_FILES', message);
}

export const HANDED_IN_ALREADY: Refusal = {
  kind: 'already-exists',
  reason: 'HANDED_IN_ALREADY',
  message: 'this file was handed in before',
};
