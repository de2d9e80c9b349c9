/** A procedure to put blocks into, and its problems. */
import type { Block, Definition } from '@lienthong/contracts/registry';
import { definition, sequence, step } from '../testing.ts';
import { checkDefinition } from './check.ts';
import type { Known } from './known.ts';

export const makes = { produces: ['giay-phep'] };
export const last = step('ky', makes);
export const sound = sequence('tat-ca', step('nhan'), last);
export const problemsOf = (
  root: Block | undefined,
  more: Partial<Definition> = {},
  known: Known = {},
): string[] =>
  checkDefinition(definition(root, more), known).map(({ reason, place }) => `${reason} ${place}`);

export const ROOT = 'workflow.root.sequence';
/** A first step, the block to look at, and a last step that makes the result. */
export const around = (...blocks: Block[]): Block => sequence('tat-ca', step('nhan'), ...blocks, last);
export const SECOND = `${ROOT}.blocks[1]`;
