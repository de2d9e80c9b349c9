import type { Agency } from '@lienthong/contracts/directory';
import { unreachable } from '@lienthong/kit';
import type { Establish, Part, Reorganise } from './command.ts';
import { type Change, Draft } from './draft.ts';
import { checkInvariants, checkLeftBehind } from './invariants.ts';
import { end } from './parts/end.ts';
import { establish, place } from './parts/establish.ts';
import { merge } from './parts/merge.ts';
import { move } from './parts/move.ts';
import { rename } from './parts/rename.ts';
import { split } from './parts/split.ts';
import { update } from './parts/update.ts';
import type { Fault } from './problem.ts';
import type { Register } from './register.ts';

export type ReorganiseResult =
  | { ok: true; draft: Draft; changes: readonly Change[]; keys: ReadonlyMap<string, string> }
  | { ok: false; faults: readonly Fault[] };

/**
 * Computes the changes of a reorganisation; the register itself does not change. New agencies come first, so that any
 * part may name any of them. The other parts follow in order, and each one sees the changes of those before it. Codes
 * in references mean what they meant before the command.
 */
export function reorganise(register: Register, command: Reorganise): ReorganiseResult {
  const draft = new Draft(register, command);
  establishAll(draft, command.parts);
  for (const part of command.parts) {
    draft.at(part);
    apply(draft, part);
  }
  checkInvariants(draft);
  // When a part is already refused, what it leaves behind is only a consequence of that.
  if (draft.faults.length === 0) checkLeftBehind(draft);
  const { faults } = draft;
  return faults.length === 0
    ? { ok: true, draft, changes: draft.changes, keys: draft.keys }
    : { ok: false, faults };
}

function establishAll(draft: Draft, parts: readonly Part[]): void {
  const fresh: { part: Establish; agency: Agency }[] = [];
  for (const part of parts) {
    if (part.kind !== 'establish') continue;
    draft.at(part);
    const agency = establish(draft, part);
    if (agency) fresh.push({ part, agency });
  }
  for (const { part, agency } of fresh) {
    draft.at(part);
    place(draft, part, agency);
  }
}

function apply(draft: Draft, part: Part): void {
  switch (part.kind) {
    case 'establish':
      break;
    case 'rename':
      rename(draft, part);
      break;
    case 'move':
      move(draft, part);
      break;
    case 'update':
      update(draft, part);
      break;
    case 'merge':
      merge(draft, part);
      break;
    case 'split':
      split(draft, part);
      break;
    case 'end':
      end(draft, part);
      break;
    default:
      unreachable(part);
  }
}
