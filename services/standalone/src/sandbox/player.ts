import { setTimeout as wait } from 'node:timers/promises';
import { type AgencyClient, LienThongError } from '@lienthong/client';
import { type Dossier, type Task, TaskKind } from '@lienthong/contracts/casework';
import type { Block, Step } from '@lienthong/contracts/registry';
import { type Delivery, DeliveryStatus } from '@lienthong/contracts/routing';
import type { Clock, Logger } from '@lienthong/kit';
import { blocksIn } from '@lienthong/workflow';
import { after, type Counterpart, nextReply, type Reply, workStatus } from './script.ts';

export interface PlayerDeps {
  client: AgencyClient;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

/** Plays one agency. What is due follows from what the platform shows: a restart neither forgets nor doubles an answer. */
export interface Player {
  /** Follows the agency's events until the signal aborts. */
  listen(): Promise<void>;
  /** Does what is due, where something has happened or has become due. */
  act(): Promise<void>;
}

const RETRY_MS = 5_000;
/** Deliveries that may still be answered, beside those that have not arrived. */
const OPEN = [
  DeliveryStatus.ARRIVED,
  DeliveryStatus.ACCEPTED,
  DeliveryStatus.ASSIGNED,
  DeliveryStatus.IN_PROGRESS,
  DeliveryStatus.RECALL_REQUESTED,
  DeliveryStatus.RECALL_REFUSED,
];

export function createPlayer(script: Counterpart, { client, clock, log, signal }: PlayerDeps): Player {
  /** Something has happened since the agency last looked. */
  let isNews = true;
  /** When the next thing that it knows of is due, epoch milliseconds. */
  let nextAt = Number.POSITIVE_INFINITY;
  /** What the platform has refused: it is not tried again. */
  const refused = new Set<string>();

  const isDue = (at: Date): boolean => {
    if (at <= clock.now()) return true;
    nextAt = Math.min(nextAt, at.getTime());
    return false;
  };

  async function attempt<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
    if (refused.has(what)) return undefined;
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof LienThongError) || error.reason === '') throw error;
      refused.add(what);
      log.warn({ err: error, what }, 'refused');
      return undefined;
    }
  }

  /** With the status that its work had before it was not given back. */
  async function inWork(delivery: Delivery): Promise<Delivery> {
    if (delivery.status !== DeliveryStatus.RECALL_REFUSED) return delivery;
    const { history } = await client.routing.getDelivery({ deliveryId: delivery.id }, { signal });
    return { ...delivery, status: workStatus(history) };
  }

  const give = (deliveryId: string, { status, reason, assignee }: Reply): Promise<Delivery | undefined> =>
    attempt(`${deliveryId} ${status}`, async () => {
      const report = { deliveryId, status, reason, assignee };
      return (await client.routing.reportStatus(report, { signal })).delivery;
    });

  async function answer(delivery: Delivery): Promise<void> {
    // A reply makes the next one the next, which may be due too.
    for (let standing: Delivery | undefined = delivery; standing !== undefined; ) {
      const next = nextReply(script, await inWork(standing));
      if (next === undefined || !isDue(next.at)) return;
      standing = await give(standing.id, next.reply);
    }
  }

  async function complete({ dossierId, number: taskNumber }: Task): Promise<void> {
    const { dossier } = await client.casework.getDossier({ dossierId }, { signal });
    const task = dossier?.tasks.find(({ number }) => number === taskNumber);
    if (dossier === undefined || task === undefined) return;
    const [outcome] = task.outcomes;
    const produced = await producedBy(client, dossier, task);
    const results = produced.map((key) => ({ key, number: `HC-${taskNumber}` }));
    const note = 'Cơ quan mô phỏng';
    await client.casework.completeTask(
      { dossierId, taskNumber, outcome: outcome?.key, note, results },
      { signal },
    );
  }

  async function look(): Promise<void> {
    const filter = { statuses: OPEN, notYetArrived: true };
    for await (const { delivery } of client.inbox({ filter }, { signal }))
      if (delivery) await answer(delivery);
    const { taskMinutes } = script;
    if (taskMinutes === undefined) return;
    for await (const { task } of client.work({}, { signal })) {
      if (task?.openedAt === undefined || task.kind === TaskKind.INTAKE) continue;
      if (!isDue(after(task.openedAt, taskMinutes))) continue;
      await attempt(`${task.dossierId} ${task.number}`, () => complete(task));
    }
  }

  return {
    async listen() {
      while (!signal.aborted) {
        try {
          for await (const _ of client.follow({ signal })) isNews = true;
        } catch (error) {
          if (signal.aborted) return;
          log.error({ err: error }, 'events are not followed');
          isNews = true;
          await wait(RETRY_MS, undefined, { signal }).catch(() => {});
        }
      }
    },
    async act() {
      if (!isNews && clock.now().getTime() < nextAt) return;
      isNews = false;
      nextAt = Number.POSITIVE_INFINITY;
      try {
        await look();
      } catch (error) {
        if (signal.aborted) return;
        log.error({ err: error }, 'could not act');
        isNews = true;
        await wait(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    },
  };
}

/** What a task of a step has to end with. */
async function producedBy(
  client: AgencyClient,
  { procedureId }: Dossier,
  { blockKey }: Task,
): Promise<readonly string[]> {
  const { procedure } = await client.procedures.getProcedure({ procedureId });
  return stepIn(procedure?.definition?.workflow?.root, blockKey)?.produces ?? [];
}

function stepIn(block: Block | undefined, key: string): Step | undefined {
  if (block?.block?.$case === 'step') return block.key === key ? block.block.value : undefined;
  for (const inner of block ? blocksIn(block) : []) {
    const found = stepIn(inner, key);
    if (found) return found;
  }
  return undefined;
}
