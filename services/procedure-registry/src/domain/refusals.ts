import { type Procedure, ProcedureState } from '@lienthong/contracts/registry';
import type { Refusal } from '@lienthong/kit/pure';

const STATES: Readonly<Record<number, string>> = {
  [ProcedureState.DRAFT]: 'a draft',
  [ProcedureState.VALIDATED]: 'validated',
  [ProcedureState.PUBLISHED]: 'published',
  [ProcedureState.AMENDED]: 'amended',
  [ProcedureState.REPEALED]: 'repealed',
};

const wrongState = (reason: string, version: Procedure, advice: string): Refusal => ({
  kind: 'failed-precondition',
  reason,
  message: `version ${version.version} of ${version.code} is ${STATES[version.state]}; ${advice}`,
  metadata: { procedure_id: version.id, code: version.code },
});

export const unknownProcedure: Refusal = {
  kind: 'not-found',
  reason: 'PROCEDURE_UNKNOWN',
  message: 'no procedure version has this procedure_id',
  violations: [
    { field: 'procedure_id', description: 'no procedure version has this id', reason: 'PROCEDURE_UNKNOWN' },
  ],
};

/** @param field the field of the request that holds the id */
export const unknownAgency = (field: string): Refusal => ({
  kind: 'not-found',
  reason: 'AGENCY_UNKNOWN',
  message: `no agency has this ${field}; check it`,
  violations: [{ field, description: 'no agency has this id', reason: 'AGENCY_UNKNOWN' }],
});

export const draftExists = (draft: Procedure): Refusal => ({
  kind: 'already-exists',
  reason: 'DRAFT_EXISTS',
  message: `${draft.code} already has a draft, version ${draft.version}; revise or discard it`,
  metadata: { procedure_id: draft.id, code: draft.code },
});

export const draftChanged = (draft: Procedure): Refusal =>
  wrongState(
    'DRAFT_CHANGED',
    draft,
    `revision ${draft.revision} was written meanwhile; read it, and send the change again with that revision`,
  );
export const notDraft = (version: Procedure): Refusal =>
  wrongState('PROCEDURE_NOT_DRAFT', version, 'only a draft can be changed; draft the next version');
export const notValidated = (version: Procedure): Refusal =>
  wrongState('NOT_VALIDATED', version, 'call ValidateProcedure first');
export const alreadyPublished = (version: Procedure): Refusal =>
  wrongState('ALREADY_PUBLISHED', version, 'draft the next version to change it');
export const notPublished = (version: Procedure): Refusal =>
  wrongState(
    'NOT_PUBLISHED',
    version,
    'only a published version can be repealed or suspended; discard a draft instead',
  );
export const alreadyAmended = (version: Procedure): Refusal =>
  wrongState('ALREADY_AMENDED', version, 'repeal the version that takes its place');
export const alreadyRepealed = (version: Procedure): Refusal =>
  wrongState('ALREADY_REPEALED', version, 'it ends on the date of the repeal');
export const versionEnded = (version: Procedure): Refusal =>
  wrongState('VERSION_ENDED', version, 'it takes no new dossiers in any more');

const suspensionState = (reason: string, version: Procedure, message: string): Refusal => ({
  kind: 'failed-precondition',
  reason,
  message: `version ${version.version} of ${version.code} ${message}`,
  metadata: { procedure_id: version.id, code: version.code },
});

export const alreadySuspended = (version: Procedure): Refusal =>
  suspensionState('ALREADY_SUSPENDED', version, 'is suspended; resume it first to give another reason');
export const notSuspended = (version: Procedure): Refusal =>
  suspensionState('NOT_SUSPENDED', version, 'is not suspended; nothing is to be resumed');
