/** The part of CEL that conditions may use; the cost of an expression is proportional to its length. */

import { type DataField, DataType } from '@lienthong/contracts/registry';
import { type ASTNode, Environment } from '@marcbachmann/cel-js';

export const MAX_CONDITION_LENGTH = 1_000;

const base = new Environment({ limits: { maxAstNodes: 250, maxDepth: 40, maxListElements: 100 } })
  .registerVariable('channel', 'int')
  .registerVariable('intake_tier', 'string')
  .registerVariable('applicant_kind', 'string')
  .registerVariable('case_key', 'string');

const CEL_TYPES: Readonly<Record<number, string>> = {
  [DataType.TEXT]: 'string',
  [DataType.INTEGER]: 'int',
  [DataType.NUMBER]: 'double',
  [DataType.BOOLEAN]: 'bool',
  [DataType.DATE]: 'string',
};

/** Names that CEL or JavaScript reserves; a data field cannot have them. */
export const RESERVED: ReadonlySet<string> = new Set(
  [
    'as break const continue else false for function if import in let loop namespace null package return true var void',
    'while constructor',
  ]
    .join(' ')
    .split(' '),
);

/** CEL with the declared data fields of one definition, without fields of unknown type. */
export function environmentOf(fields: readonly DataField[]): Environment {
  const schema: Record<string, string> = {};
  for (const { key, type } of fields) {
    const celType = CEL_TYPES[type];
    if (celType !== undefined && /^[a-z][a-z0-9_]*$/.test(key) && !RESERVED.has(key)) schema[key] = celType;
  }
  return base.clone().registerVariable({ name: 'data', schema });
}

export interface Use {
  /** The data fields that the expression reads. */
  readonly fields: ReadonlySet<string>;
  /** True when it reads the dossier's case. */
  readonly readsCase: boolean;
  /** True when it tests whether a field is present, so that an unknown field differs from an absent one. */
  readonly testsPresence: boolean;
  readonly readsNothing: boolean;
}

const CALLS = new Set(['has', 'size', 'int', 'double', 'string']);
const METHODS = new Set(['startsWith', 'endsWith', 'contains', 'size']);
const PLAIN = new Set('== != < <= > >= + - * / % in && || ?: !_ -_ list'.split(' ') as readonly string[]);

/** The use that an expression makes of facts, or the first construct that it may not use. */
export function examine(ast: ASTNode): Use | { forbidden: string; at: number } {
  const fields = new Set<string>();
  let readsCase = false;
  let testsPresence = false;
  let readsNothing = true;
  const queue: ASTNode[] = [ast];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    switch (node.op) {
      case 'value':
        break;
      case 'id':
        // `data` itself has no value; only its fields do.
        if (node.args === 'data') return { forbidden: '`data` without a field', at: node.start };
        if (node.args === 'case_key') readsCase = true;
        readsNothing = false;
        break;
      case '.': {
        const [of, field] = node.args;
        if (of.op !== 'id' || of.args !== 'data') {
          return { forbidden: `a field of something other than data (.${field})`, at: node.start };
        }
        fields.add(field);
        readsNothing = false;
        break;
      }
      case 'call':
        if (!CALLS.has(node.args[0])) return { forbidden: `the function ${node.args[0]}`, at: node.start };
        if (node.args[0] === 'has') {
          testsPresence = true;
          if (node.args[1].some(({ op }) => op !== '.')) {
            return { forbidden: 'has() of something other than a data field', at: node.start };
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
  return { fields, readsCase, testsPresence, readsNothing };
}
