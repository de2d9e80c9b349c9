import { TaskKind } from '@lienthong/contracts/casework';
import { Effect, type Outcome } from '@lienthong/contracts/registry';
import type { CompiledProcedure } from '../dossier/procedure.ts';
import type { Task } from '../dossier/state.ts';
import { ANSWERED, RECEIVED } from './complete.ts';

const only = (key: string, name: string): Outcome[] => [{ key, name, effect: Effect.CONTINUE }];

/** What an officer can complete an open task with, the usual one first; none for a task that ends in another way. */
export function outcomesOf({ workflow }: CompiledProcedure, { kind, blockKey }: Task): Outcome[] {
  switch (kind) {
    case TaskKind.STEP: {
      const node = workflow.nodes.get(blockKey);
      return node?.kind === 'step' ? node.block.outcomes : [];
    }
    case TaskKind.CONSULTATION:
      return only(ANSWERED, 'Đã trả lời ý kiến');
    case TaskKind.HAND_OVER:
      return only(RECEIVED, 'Đã nhận hồ sơ');
    default:
      return [];
  }
}
