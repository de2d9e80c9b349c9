/** Dossiers that are not finished, kept for the applicant or officer who goes on with them. */
import { type Draft, LodgeDossierRequest } from '@lienthong/contracts/casework';
import { type Context, field, type Refusal, refuse, uuidv7 } from '@lienthong/kit';
import { standsForAll } from '@lienthong/reference-data';
import { z } from 'zod';
import type { ProcedureBook } from '../domain/dossier/procedure.ts';
import { digestsLikelyIn, digestsOf, fileKey, mustHaveFiles, named, namedIn } from '../domain/files/named.ts';
import {
  type DraftRow,
  deleteDraft,
  lockDraft,
  lockOwner,
  readDraft,
  readDraftsOf,
  writeDraft,
} from '../store/drafts.ts';
import { lockReferences } from '../store/usable-files.ts';
import { type Deps, Drafts, mutation, query, WORKS_WITH_DOSSIERS } from './deps.ts';

const MAX_BYTES = 64 * 1024;
const MAX_OF_OWNER = 20;
const KEPT_MS = 30 * 86_400_000;

const owner = field.text({ max: 100 });

const lodging = z.custom<LodgeDossierRequest | undefined>().transform((given, context) => {
  const wrong = (path: (string | number)[], message: string, reason: string) =>
    context.addIssue({ code: 'custom', path, message, params: { reason } });
  if (given === undefined) {
    wrong([], 'is required; it may be empty', 'FIELD_REQUIRED');
    return z.NEVER;
  }
  if (LodgeDossierRequest.encode(given).finish().length > MAX_BYTES)
    wrong([], `must have at most ${MAX_BYTES} bytes`, 'TOO_LARGE');
  given.papers.forEach(({ sha256 }, i) => {
    if (!field.optionalSha256.safeParse(sha256).success)
      wrong(['papers', i, 'sha256'], 'must be 64 lower-case hexadecimal digits, or empty', 'DIGEST_INVALID');
  });
  return given;
});

const agenciesOf = ({ caller, today }: Context, { reference }: Deps): readonly string[] =>
  standsForAll(reference.agencies, caller.agencyId, today);

const ownerOf = (owner: string, { caller }: Context): string => owner || caller.officerId;

/** Refuses: DRAFT_UNKNOWN, DRAFT_CHANGED, TOO_MANY_DRAFTS, FILE_NOT_UPLOADED. */
export const saveDraft = mutation(Drafts.saveDraft, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ draftId: field.optionalUuid, version: z.bigint(), owner, lodging }),
  maxBytes: 2 * MAX_BYTES,
  async run(tx, request, context, deps) {
    const { caller, now } = context;
    const { agencies } = deps.reference;
    const agencyIds = agenciesOf(context, deps);
    const { sealer } = deps;
    const { lodging } = request;
    const before =
      request.draftId === ''
        ? undefined
        : ((await lockDraft(tx, sealer, request.draftId, agencyIds, now)) ?? refuse(draftUnknown));
    if (before === undefined)
      await mustHaveRoom(tx, sealer, ownerOf(request.owner, context), context, agencyIds);
    else if (before.version !== Number(request.version)) refuse(draftChanged(before.version));
    const digests = new Set([...digestsOf(lodging.papers), ...digestsLikelyIn(lodging.data)]);
    const references = [...digests].map((sha256) => ({
      callerId: caller.agencyId,
      sha256,
      now: now.getTime(),
    }));
    const [usable] = await Promise.all([
      lockReferences(tx, agencies, references),
      deps.procedures.refresh(tx),
    ]);
    mustHaveFiles({ files: usable }, caller, filesOf(lodging, deps.procedures, context.today));
    const row: DraftRow = {
      id: before?.id ?? uuidv7(),
      agency_id: caller.agencyId,
      owner: before?.owner ?? ownerOf(request.owner, context),
      version: (before?.version ?? 0) + 1,
      lodging,
      files: [...digests].filter((sha256) => usable.has(fileKey(caller.agencyId, sha256))),
      saved_at: now,
      saved_by: caller.officerId,
      expires_at: new Date(now.getTime() + KEPT_MS),
    };
    writeDraft(tx, sealer, row, before);
    return { draftId: row.id, version: BigInt(row.version), expiresAt: row.expires_at };
  },
});

/** The files of papers, and of data as far as a procedure in force says which they are. */
function filesOf(
  { procedureCode, papers, data }: LodgeDossierRequest,
  procedures: ProcedureBook,
  today: string,
) {
  const procedure = procedures.inForce(procedureCode, today);
  const files = [...named('papers', papers), ...(procedure ? namedIn(procedure, data) : [])];
  return files.map((file) => ({ ...file, field: `lodging.${file.field}` }));
}

async function mustHaveRoom(
  tx: Parameters<typeof lockOwner>[0],
  sealer: Deps['sealer'],
  owner: string,
  { caller, now }: Context,
  agencyIds: readonly string[],
): Promise<void> {
  lockOwner(tx, caller.agencyId, owner);
  const drafts = await readDraftsOf(tx, sealer, agencyIds, owner, now);
  if (drafts.length >= MAX_OF_OWNER) refuse(tooMany);
}

/** Refuses: DRAFT_UNKNOWN. */
export const getDraft = query(Drafts.getDraft, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ draftId: field.uuid }),
  async handle({ draftId }, context, deps) {
    await deps.reference.agencies.refresh(deps.db);
    const row = await readDraft(deps.db, deps.sealer, draftId, agenciesOf(context, deps), context.now);
    return { draft: toDraft(row ?? refuse(draftUnknown)) };
  },
});

export const listDrafts = query(Drafts.listDrafts, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ owner }),
  async handle({ owner }, context, deps) {
    await deps.reference.agencies.refresh(deps.db);
    const of = ownerOf(owner, context);
    const rows = await readDraftsOf(deps.db, deps.sealer, agenciesOf(context, deps), of, context.now);
    return { drafts: rows.map(toDraft) };
  },
});

/** Refuses: DRAFT_UNKNOWN. */
export const discardDraft = mutation(Drafts.discardDraft, {
  policy: WORKS_WITH_DOSSIERS,
  request: z.object({ draftId: field.uuid }),
  async run(tx, { draftId }, context, deps) {
    const row = await lockDraft(tx, deps.sealer, draftId, agenciesOf(context, deps), context.now);
    deleteDraft(tx, row ?? refuse(draftUnknown));
    return {};
  },
});

const toDraft = (row: DraftRow): Draft => ({
  id: row.id,
  owner: row.owner,
  version: BigInt(row.version),
  lodging: row.lodging,
  savedAt: row.saved_at,
  savedBy: row.saved_by,
  expiresAt: row.expires_at,
});

/** Drafts of others and drafts that have expired get the same refusal. */
const draftUnknown: Refusal = {
  kind: 'not-found',
  reason: 'DRAFT_UNKNOWN',
  message: 'your agency has no such draft; it may have been discarded, or not saved for 30 days',
};

const draftChanged = (version: number): Refusal => ({
  kind: 'failed-precondition',
  reason: 'DRAFT_CHANGED',
  message: `version ${version} of the draft was saved meanwhile; read it, and save again with that version`,
  metadata: { version: String(version) },
});

const tooMany: Refusal = {
  kind: 'resource-exhausted',
  reason: 'TOO_MANY_DRAFTS',
  message: `an owner has at most ${MAX_OF_OWNER} drafts; discard one that is not needed`,
};
