/** The part of CEL that conditions may use; the cost of an expression is proportional to its length. */

import { type DataField, DataType } from '@lienthong/contracts/registry';
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { partsOf } from '../data/parts.ts';

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
  [DataType.MONEY]: 'int',
  [DataType.CHOICE]: 'string',
  [DataType.FILE]: 'string',
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

type Schema = { [key: string]: string | Schema };

/** CEL with the declared data fields of one definition, without fields of unknown type. */
export const environmentOf = (fields: readonly DataField[]): Environment =>
  base.clone().registerVariable({ name: 'data', schema: schemaOf(fields) });

function schemaOf(fields: readonly DataField[]): Schema {
  const schema: Schema = {};
  for (const field of fields) {
    const { key, type, maxRows } = field;
    if (!/^[a-z][a-z0-9_]*$/.test(key) || RESERVED.has(key)) continue;
    const parts = partsOf(field);
    const celType = parts ? schemaOf(parts) : CEL_TYPES[type];
    if (celType !== undefined) schema[key] = maxRows > 0 ? 'list<dyn>' : celType;
  }
  return schema;
}

/** What a condition may read of data. */
export type Readable = 'rows' | 'group' | DataType;

/** By path. Rows can only be counted: what is in them has no path here. */
export function readablePaths(fields: readonly DataField[], around = ''): Map<string, Readable> {
  const paths = new Map<string, Readable>();
  for (const field of fields) {
    const path = around + field.key;
    const parts = partsOf(field);
    paths.set(path, field.maxRows > 0 ? 'rows' : parts ? 'group' : field.type);
    if (parts && field.maxRows === 0)
      for (const [inner, readable] of readablePaths(parts, `${path}.`)) paths.set(inner, readable);
  }
  return paths;
}

export interface Use {
  /** Paths of the data that the expression reads. */
  readonly fields: ReadonlySet<string>;
  /** Those whose size alone it takes. */
  readonly sized: ReadonlySet<string>;
  /** The other facts that it reads: channel, intake_tier, applicant_kind, case_key. */
  readonly variables: ReadonlySet<string>;
  /** True when it tests whether a field is present, or takes a size: an unknown field differs from an absent one. */
  readonly testsPresence: boolean;
  readonly readsNothing: boolean;
}

const CALLS = new Set(['has', 'size', 'int', 'double', 'string']);
const METHODS = new Set(['startsWith', 'endsWith', 'contains', 'size']);
const PLAIN = new Set('== != < <= > >= + - * / % in && || ?: !_ -_ list'.split(' ') as readonly string[]);

/** The use that an expression makes of facts, or the first construct that it may not use. */
export function examine(ast: ASTNode): Use | { forbidden: string; at: number } {
  const read = new Set<string>();
  const sized = new Set<string>();
  const variables = new Set<string>();
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
        variables.add(node.args);
        readsNothing = false;
        break;
      case '.': {
        const path = pathOf(node);
        if (path === undefined) {
          const [, field] = node.args;
          return { forbidden: `a field of something other than data (.${field})`, at: node.start };
        }
        read.add(path);
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
        queue.push(...node.args[1].filter((argument) => node.args[0] !== 'size' || !isSized(argument)));
        break;
      case 'rcall':
        if (!METHODS.has(node.args[0])) return { forbidden: `the method ${node.args[0]}`, at: node.start };
        if (node.args[0] !== 'size' || !isSized(node.args[1])) queue.push(node.args[1]);
        queue.push(...node.args[2]);
        break;
      default:
        if (!PLAIN.has(node.op)) return { forbidden: `the operator ${node.op}`, at: node.start };
        queue.push(...([node.args].flat() as ASTNode[]));
    }
  }
  return { fields: read.union(sized), sized: sized.difference(read), variables, testsPresence, readsNothing };

  function isSized(argument: ASTNode): boolean {
    const path = argument.op === '.' ? pathOf(argument) : undefined;
    if (path === undefined) return false;
    sized.add(path);
    testsPresence = true;
    readsNothing = false;
    return true;
  }
}

/** The path of `data.owner.name`; undefined when the expression does not begin with `data`. */
function pathOf(node: ASTNode & { op: '.' }): string | undefined {
  const keys: string[] = [];
  let at: ASTNode = node;
  for (; at.op === '.'; [at] = at.args) keys.unshift(at.args[1]);
  return at.op === 'id' && at.args === 'data' ? keys.join('.') : undefined;
}
