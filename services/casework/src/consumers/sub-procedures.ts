import {
  CompleteTaskRequest,
  CompleteTaskResponse,
  LodgeDossierRequest,
  LodgeDossierResponse,
  TaskKind,
  TaskState,
  WithdrawDossierRequest,
  WithdrawDossierResponse,
} from '@lienthong/contracts/casework';
import type { CommandBus, ConsumerOptions } from '@lienthong/eventlog';
import { type Clock, type Logger, type Principal, RefusalError, vietnamDate } from '@lienthong/kit';
import { currentHolder, type ReferenceCache } from '@lienthong/reference-data';
import type { Caller, Command, Reply } from '../domain/decision/command.ts';
import type { Dossier } from '../domain/dossier/state.ts';
import { drawSecret } from '../secret.ts';
import { type ParentDossier, readParents, readSubDossiers } from '../store/families.ts';
import type { ProcedureCache } from '../store/procedures.ts';

export interface SubProcedureParts {
  clock: Clock;
  log: Logger;
  reference: ReferenceCache;
  procedures: ProcedureCache;
  commands: CommandBus<Command, Reply>;
}

const OPENED = 'lienthong.casework.v1.TaskOpened';
const CLOSED = 'lienthong.casework.v1.TaskClosed';
const TYPES = [
  OPENED,
  CLOSED,
  'lienthong.casework.v1.DossierFinished',
  'lienthong.casework.v1.DossierRefused',
  'lienthong.casework.v1.DossierWithdrawn',
] as const;

const PLATFORM: Principal = { agencyId: '', officerId: '', roles: [] };
const NOBODY: Caller = PLATFORM;

/** The parent has gone on, or ended, without waiting for this dossier. */
const NOT_AWAITED: ReadonlySet<string> = new Set(['TASK_CLOSED', 'DOSSIER_CLOSED']);

/** It was never lodged, or has ended in the meantime. */
const NOT_OPEN: ReadonlySet<string> = new Set(['DOSSIER_UNKNOWN', 'DOSSIER_CLOSED']);

/**
 * Lodges the dossier a sub-procedure asks for, and lets the parent go on when that has ended. When the parent waits no
 * more (it ended itself, another branch was enough, it went back), that dossier is withdrawn. The commands commit for
 * themselves, before this consumer's cursor: a request_id that is always the same, the id of the dossier lodged, makes
 * each of them happen once. What cannot be lodged is parked with the reason, to be replayed when that is put right.
 */
export function subProceduresConsumer(parts: SubProcedureParts): ConsumerOptions<(typeof TYPES)[number]> {
  return {
    name: 'sub-procedures',
    lingerMs: 25,
    source: 'casework',
    types: TYPES,
    async handle(tx, events) {
      const waiting = events.flatMap(({ type, payload, envelope }) =>
        type === OPENED && payload.task?.kind === TaskKind.SUB_PROCEDURE
          ? { dossierId: envelope.aggregateId, number: payload.task.number }
          : [],
      );
      const needless = events.flatMap(({ type, payload }) => {
        if (type !== CLOSED || payload.task?.kind !== TaskKind.SUB_PROCEDURE) return [];
        if (payload.task.state !== TaskState.CANCELLED) return [];
        return { dossierId: payload.task.subDossierId, parentCode: payload.dossier?.code ?? '' };
      });
      const ended = events.flatMap(({ type, envelope }) =>
        type === OPENED || type === CLOSED ? [] : envelope.aggregateId,
      );
      const [parents, children] = await Promise.all([
        readParents(
          tx,
          waiting.map(({ dossierId }) => dossierId),
        ),
        readSubDossiers(tx, ended),
        parts.reference.refresh(tx),
        parts.procedures.refresh(tx),
      ]);
      // What a batch lodges cannot have ended in it; what ended may be awaited by what it opened.
      await Promise.all(waiting.map((one) => lodge(parts, parents.get(one.dossierId), one.number)));
      await Promise.all([
        ...children.map((child) => tellParent(parts, child)),
        ...needless.map((child) => withdraw(parts, child)),
      ]);
    },
  };
}

async function lodge(
  { clock, reference, procedures, commands }: SubProcedureParts,
  parent: ParentDossier | undefined,
  number: number,
): Promise<void> {
  const task = parent?.dossier.open.find((one) => one.number === number);
  if (!parent || !task) return;
  const { dossier, applicant } = parent;
  const now = clock.now();
  const block = procedures.byId(dossier.procedureId)?.workflow.nodes.get(task.blockKey);
  if (block?.kind !== 'sub-procedure')
    throw new Error(`${task.blockKey} of ${dossier.code} is no sub-procedure`);
  const { procedureCode } = block.block;
  const { agencyId } = task.agency;
  const intake = currentHolder(reference.agencies, agencyId, vietnamDate(now))?.id ?? agencyId;
  // Says what never changes of it: whenever it is sent again, it is the same request.
  const request = LodgeDossierRequest.fromPartial({ requestId: task.subDossierId, procedureCode });
  await commands.execute({
    method: 'LodgeSubDossier',
    requestId: request.requestId,
    request,
    requestCodec: LodgeDossierRequest,
    replyCodec: LodgeDossierResponse,
    principal: PLATFORM,
    command: {
      kind: 'lodge',
      caller: { ...NOBODY, agencyId: intake },
      now: now.getTime(),
      dossierId: task.subDossierId,
      secret: drawSecret(),
      procedureCode,
      channel: dossier.channel,
      applicant,
      data: dossier.data,
      papers: dossier.papers,
      // Its own one-stop unit examines it.
      accept: false,
      parentDossierId: dossier.id,
      parentTask: number,
    },
  });
}

async function tellParent({ clock, log, commands }: SubProcedureParts, child: Dossier): Promise<void> {
  const finished = child.finishedAt !== null;
  const at = { dossierId: child.parentDossierId, taskNumber: child.parentTask };
  const request = CompleteTaskRequest.fromPartial({
    requestId: child.id,
    ...at,
    outcome: finished ? 'finished' : 'refused',
  });
  const refused = await unless(
    NOT_AWAITED,
    commands.execute({
      method: 'EndSubProcedure',
      requestId: request.requestId,
      request,
      requestCodec: CompleteTaskRequest,
      replyCodec: CompleteTaskResponse,
      principal: PLATFORM,
      command: { kind: 'sub-ended', caller: NOBODY, now: clock.now().getTime(), ...at, finished },
    }),
  );
  if (refused) log.info({ dossier: child.code, reason: refused }, 'the parent waits no more');
}

async function withdraw(
  { clock, log, commands }: SubProcedureParts,
  { dossierId, parentCode }: { dossierId: string; parentCode: string },
): Promise<void> {
  const request = WithdrawDossierRequest.fromPartial({ requestId: dossierId, dossierId });
  const refused = await unless(
    NOT_OPEN,
    commands.execute({
      method: 'WithdrawSubDossier',
      requestId: request.requestId,
      request,
      requestCodec: WithdrawDossierRequest,
      replyCodec: WithdrawDossierResponse,
      principal: PLATFORM,
      command: {
        kind: 'withdraw',
        caller: NOBODY,
        now: clock.now().getTime(),
        dossierId,
        reason: `Hồ sơ ${parentCode} không còn cần kết quả của hồ sơ này`,
      },
    }),
  );
  if (refused) log.info({ dossier: dossierId, reason: refused }, 'there is nothing left to withdraw');
}

/** The reason of a refusal that is nothing to mind; every other one is thrown. */
async function unless(
  harmless: ReadonlySet<string>,
  executing: Promise<unknown>,
): Promise<string | undefined> {
  try {
    await executing;
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusalError) || !harmless.has(error.refusal.reason)) throw error;
    return error.refusal.reason;
  }
}
