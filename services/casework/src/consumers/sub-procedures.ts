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
import {
  type Clock,
  drawSecret,
  type Logger,
  PLATFORM,
  RefusalError,
  type Sealer,
  vietnamDate,
} from '@lienthong/kit';
import { currentHolder, type ReferenceCache } from '@lienthong/reference-data';
import type { Command, Reply } from '../domain/decision/command.ts';
import type { Dossier } from '../domain/dossier/state.ts';
import { type ParentDossier, readParents, readSubDossiers } from '../store/families.ts';
import type { ProcedureCache } from '../store/procedures.ts';

export interface SubProcedureDeps {
  clock: Clock;
  log: Logger;
  reference: ReferenceCache;
  procedures: ProcedureCache;
  commands: CommandBus<Command, Reply>;
  sealer: Sealer;
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

/** The parent has gone on, or ended, without waiting for this dossier. */
const NOT_AWAITED: ReadonlySet<string> = new Set(['TASK_CLOSED', 'DOSSIER_CLOSED']);

/** It was never lodged, or has ended meanwhile. */
const NOT_OPEN: ReadonlySet<string> = new Set(['DOSSIER_UNKNOWN', 'DOSSIER_CLOSED']);

/**
 * Lodges the dossier of a sub-procedure, and lets the parent go on when that dossier has ended. When the parent does not
 * wait any more (it ended itself, another branch was enough, it was returned), the dossier is withdrawn. The commands
 * commit by themselves, before this consumer's cursor; their request_id, the id of the dossier, makes each happen once.
 * A dossier that cannot be lodged parks its event with the reason, for a replay after the cause is removed.
 */
export function subProceduresConsumer(deps: SubProcedureDeps): ConsumerOptions<(typeof TYPES)[number]> {
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
      const notAwaited = events.flatMap(({ type, payload }) => {
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
          deps.sealer,
          waiting.map(({ dossierId }) => dossierId),
        ),
        readSubDossiers(tx, ended),
        deps.reference.refresh(tx),
        deps.procedures.refresh(tx),
      ]);
      // A dossier that a batch lodges cannot end in it; one that ended may belong to a task that the batch opened.
      await Promise.all(waiting.map((one) => lodge(deps, parents.get(one.dossierId), one.number)));
      await Promise.all([
        ...children.map((child) => completeParent(deps, child)),
        ...notAwaited.map((child) => withdraw(deps, child)),
      ]);
    },
  };
}

async function lodge(
  { clock, reference, procedures, commands }: SubProcedureDeps,
  parent: ParentDossier | undefined,
  number: number,
): Promise<void> {
  const task = parent?.dossier.open.find((one) => one.number === number);
  if (!parent || !task) return;
  const { dossier, applicant } = parent;
  const now = clock.now();
  const block = procedures.byId(dossier.procedureId)?.workflow.nodes.get(task.blockKey);
  if (block?.kind !== 'sub-procedure')
    throw new Error(`block ${task.blockKey} of ${dossier.code} is not a sub-procedure`);
  const { procedureCode } = block.block;
  const { agencyId } = task.agency;
  const intake = currentHolder(reference.agencies, agencyId, vietnamDate(now))?.id ?? agencyId;
  // It holds only what never changes, so that it is the same request whenever it is sent again.
  const request = LodgeDossierRequest.fromPartial({ requestId: task.subDossierId, procedureCode });
  await commands.execute({
    method: 'LodgeSubDossier',
    requestId: request.requestId,
    request,
    requestCodec: LodgeDossierRequest,
    replyCodec: LodgeDossierResponse,
    caller: PLATFORM,
    command: {
      kind: 'lodge',
      caller: { ...PLATFORM, agencyId: intake },
      now: now.getTime(),
      dossierId: task.subDossierId,
      secret: drawSecret(),
      procedureCode,
      channel: dossier.channel,
      caseKey: '',
      applicant,
      data: dossier.data,
      papers: dossier.papers,
      // Its result serves the parent dossier.
      resultReturn: null,
      competentAgencyId: '',
      territoryAgencyId: '',
      // Its own one-stop unit examines it.
      accept: false,
      parentDossierId: dossier.id,
      parentTask: number,
    },
  });
}

async function completeParent({ clock, log, commands }: SubProcedureDeps, child: Dossier): Promise<void> {
  const finished = child.finishedAt !== null;
  const at = { dossierId: child.parentDossierId, taskNumber: child.parentTask };
  const request = CompleteTaskRequest.fromPartial({
    requestId: child.id,
    ...at,
    outcome: finished ? 'finished' : 'refused',
  });
  const refused = await unlessHarmless(
    NOT_AWAITED,
    commands.execute({
      method: 'EndSubProcedure',
      requestId: request.requestId,
      request,
      requestCodec: CompleteTaskRequest,
      replyCodec: CompleteTaskResponse,
      caller: PLATFORM,
      command: {
        kind: 'sub-ended',
        caller: PLATFORM,
        now: clock.now().getTime(),
        ...at,
        finished,
        results: finished ? child.results : [],
      },
    }),
  );
  if (refused)
    log.info({ dossier: child.code, reason: refused }, 'the parent does not wait for this dossier any more');
}

async function withdraw(
  { clock, log, commands }: SubProcedureDeps,
  { dossierId, parentCode }: { dossierId: string; parentCode: string },
): Promise<void> {
  const request = WithdrawDossierRequest.fromPartial({ requestId: dossierId, dossierId });
  const refused = await unlessHarmless(
    NOT_OPEN,
    commands.execute({
      method: 'WithdrawSubDossier',
      requestId: request.requestId,
      request,
      requestCodec: WithdrawDossierRequest,
      replyCodec: WithdrawDossierResponse,
      caller: PLATFORM,
      command: {
        kind: 'withdraw',
        caller: PLATFORM,
        now: clock.now().getTime(),
        dossierId,
        reason: `Hồ sơ ${parentCode} không còn cần kết quả của hồ sơ này`,
      },
    }),
  );
  if (refused)
    log.info({ dossier: dossierId, reason: refused }, 'the dossier is not open; it needs no withdrawal');
}

/** The reason of a harmless refusal; every other refusal is thrown. */
async function unlessHarmless(
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
