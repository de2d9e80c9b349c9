/** The part of CEL that conditions may use: every expression costs at most a little more than its length. */

import { type DataField, DataType } from '@lienthong/contracts/registry';
import { type ASTNode, Environment } from '@marcbachmann/cel-js';

export const MAX_CONDITION_LENGTH = 1_000;

const base = new Environment({ limits: { maxAstNodes: 250, maxDepth: 40, maxListElements: 100 } })
  .registerVariable('channel', 'int')
  .registerVariable('intake_tier', 'string');

const CEL_TYPES: Readonly<Record<number, string>> = {
  [DataType.TEXT]: 'string',
  [DataType.INTEGER]: 'int',
  [DataType.NUMBER]: 'double',
  [DataType.BOOLEAN]: 'bool',
  [DataType.DATE]: 'string',
};

/** Names that CEL, or the language under it, keeps for itself: no data field may have them. */
export const RESERVED: ReadonlySet<string> = new Set(
  [
    'as break const continue else false for function if import in let loop namespace null package return true var void',
    'while constructor',
  ]
    .join(' ')
    .split(' '),
);

/** CEL with the data fields of one definition declared; a field without a usable type is left out. */
export function environmentOf(fields: readonly DataField[]): Environment {
  const schema: Record<string, string> = {};
  for (const { key, type } of fields) {
    const celType = CEL_TYPES[type];
    if (celType !== undefined && /^[a-z][a-z0-9_]*$/.test(key) && !RESERVED.has(key)) schema[key] = celType;
  }
  return base.clone().registerVariable({ name: 'data', schema });
}

export interface Use {
  /** Data fields the expression reads. */
  readonly fields: ReadonlySet<string>;
  /** Whether it asks if a field is stated; then a field that is not yet known is not the same as one that is absent. */
  readonly asksPresence: boolean;
  readonly readsNothing: boolean;
}

const CALLS = new Set(['has', 'size', 'int', 'double', 'string']);
const METHODS = new Set(['startsWith', 'endsWith', 'contains', 'size']);
const PLAIN = new Set('== != < <= > >= + - * / % in && || ?: !_ -_ list'.split(' ') as readonly string[]);

/** What an expression reads, or the first thing it may not use. */
export function examine(ast: ASTNode): Use | { forbidden: string; at: number } {
  const fields = new Set<string>();
  let asksPresence = false;
  let readsNothing = true;
  const queue: ASTNode[] = [ast];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    switch (node.op) {
      case 'value':
        break;
      case 'id':
        // `data` itself is no value: only its fields are.
        if (node.args === 'data') return { forbidden: '`data` without a field', at: node.start };
        readsNothing = false;
        break;
      case '.': {
        const [of, field] = node.args;
        if (of.op !== 'id' || of.args !== 'data') {
          return { forbidden: `a field of something else than data (.${field})`, at: node.start };
        }
        fields.add(field);
        readsNothing = false;
        break;
      }
      case 'call':
        if (!CALLS.has(node.args[0])) return { forbidden: `the function ${node.args[0]}`, at: node.start };
        if (node.args[0] === 'has') {
          asksPresence = true;
          if (node.args[1].some(({ op }) => op !== '.')) {
            return { forbidden: 'has() of something else than a data field', at: node.start };
          }
        }
        queue.push(...node.args[1]);
        break;
      case 'rcall':
        if (!METHODS.has(node.args[0])) return { forbidden: `the method ${node.args[0]}`, at: node.start };
        queue.push(node.args[1], ...node.args[2]);
        break;
      default:
        if (!PLAIN.has(node.op)) return { forbidden: `the operator ${node.op}`, at: node.start };
        queue.push(...([node.args].flat() as ASTNode[]));
    }
  }
  return { fields, asksPresence, readsNothing };
}
