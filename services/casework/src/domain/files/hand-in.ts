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

/** The same content again changes nothing. */
export const handIn = onDossier<'hand-in'>({
  rules: [mustNotBeClosed, mustAwaitFiles, mustHaveRoom],
  edits: ({ file }, { dossier, now }) =>
    isThere(dossier, file)
      ? []
      : [
          patch({ handedIn: [...dossier.handedIn, { ...file, at: now }] }),
          emit('lienthong.casework.v1.SupplementFileHandedIn', {
            at: new Date(now),
            contentType: file.contentType,
            sizeBytes: BigInt(file.sizeBytes),
          }),
        ],
});

const isThere = ({ handedIn }: Draft['dossier'], { sha256 }: { sha256: string }): boolean =>
  handedIn.some((one) => one.sha256 === sha256);

function mustHaveRoom({ dossier }: Draft, { file }: TransitionOf<'hand-in'>): Refusal | undefined {
  const message = `at most ${MAX_FILES} files can be handed in for a dossier; bring the rest to the one-stop unit`;
  return dossier.handedIn.length < MAX_FILES || isThere(dossier, file)
    ? undefined
    : precondition('TOO_MANY_FILES', message);
}
