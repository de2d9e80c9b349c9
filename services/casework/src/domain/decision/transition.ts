/** A transition declares the rules that must hold, in the order of their refusals, and the edits that it makes. */
import type { Refusal } from '@lienthong/kit';
import type { Task } from '../dossier/state.ts';
import type { Transition } from './command.ts';
import { apply, type Draft, type Edit } from './draft.ts';
import { enforce } from './refusals.ts';
import { openTaskOf } from './rules.ts';

export type Kind = Transition['kind'];
export type TransitionOf<K extends Kind> = Extract<Transition, { kind: K }>;
type OnTask = Extract<Transition, { taskNumber: number }>;

/** Checks a transition's rules and applies its edits. Refuses with the first refusal of a rule. */
export type Execute<K extends Kind> = (draft: Draft, command: TransitionOf<K>) => Draft;

export const onDossier =
  <K extends Kind>({
    rules,
    edits,
  }: {
    rules: readonly ((draft: Draft, command: TransitionOf<K>) => Refusal | undefined)[];
    edits(command: TransitionOf<K>, draft: Draft): readonly Edit[];
  }): Execute<K> =>
  (draft, command) => {
    for (const rule of rules) enforce(rule(draft, command));
    return apply(draft, ...edits(command, draft));
  };

/** The same on an open task of the dossier. */
export const onTask =
  <K extends OnTask['kind']>({
    rules,
    taskRules,
    edits,
  }: {
    rules: readonly ((draft: Draft) => Refusal | undefined)[];
    taskRules: readonly ((draft: Draft, task: Task, command: TransitionOf<K>) => Refusal | undefined)[];
    edits(command: TransitionOf<K>, task: Task, draft: Draft): readonly Edit[];
  }): Execute<K> =>
  (draft, command) => {
    for (const rule of rules) enforce(rule(draft));
    const { taskNumber } = command as OnTask;
    const task = openTaskOf(draft, taskNumber);
    for (const rule of taskRules) enforce(rule(draft, task, command));
    return apply(draft, ...edits(command, task, draft));
  };
