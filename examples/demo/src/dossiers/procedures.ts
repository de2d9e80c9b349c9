import type { AgencyClient } from '@lienthong/client';
import {
  type Block,
  type DataField,
  DataType,
  Effect,
  type Procedure,
  type Step,
} from '@lienthong/contracts/registry';
import { WARD_1 } from './plan.ts';

/** A published procedure as officers read it. */
export interface DemoProcedure {
  code: string;
  name: string;
  steps: ReadonlyMap<string, Step>;
  /** The block that ends the workflow. */
  last: string;
  definition: NonNullable<Procedure['definition']>;
}

export async function readProcedure(client: AgencyClient, code: string, at: string): Promise<DemoProcedure> {
  const { procedure } = await client.procedures.getProcedure({ code, at });
  const definition = procedure?.definition;
  const root = definition?.workflow?.root;
  if (!definition || !root) throw new Error(`the reply for procedure ${code} has no workflow`);
  const last = root.block?.$case === 'sequence' ? root.block.value.blocks.at(-1) : root;
  return {
    code,
    name: definition.name,
    steps: new Map(stepsIn(root)),
    last: last?.key ?? '',
    definition,
  };
}

/** The time limit of a case in working days; 0 when it is none, or of another unit. */
export function daysOf({ definition }: DemoProcedure, caseKey: string): number {
  const ofCase = definition.cases.find(({ key }) => key === caseKey)?.timeLimit;
  const limit = (ofCase ?? definition.timeLimit)?.amount;
  return limit?.$case === 'days' ? limit.value : 0;
}

function stepsIn({ key, block }: Block): [string, Step][] {
  switch (block?.$case) {
    case 'step':
      return [[key, block.value]];
    case 'sequence':
      return block.value.blocks.flatMap(stepsIn);
    case 'parallel':
      return block.value.branches.flatMap((branch) => (branch.block ? stepsIn(branch.block) : []));
    case 'choice': {
      const { cases, otherwise } = block.value;
      const all = [...cases.map((one) => one.block), otherwise];
      return all.flatMap((one) => (one ? stepsIn(one) : []));
    }
    default:
      return [];
  }
}

/** Every paper that the procedure requires. */
export const papersOf = ({ definition }: DemoProcedure) =>
  definition.papers.map(({ key, name, originals, copies }) => ({
    key,
    name,
    originals: originals === 0 && copies === 0 ? 1 : originals,
    copies,
  }));

const USUAL: Readonly<Record<number, string>> = {
  [DataType.TEXT]: 'Mẫu',
  [DataType.INTEGER]: '1',
  [DataType.NUMBER]: '120.5',
  [DataType.BOOLEAN]: 'false',
  [DataType.DATE]: '2025-04-01',
  [DataType.MONEY]: '50000000',
};

/** The usual value of a field, or the values of its parts by path. */
function usual({ key, type, choices, fields, maxRows }: DataField): [string, string][] {
  switch (type) {
    case DataType.CHOICE:
      return [[key, choices[0]?.value ?? '']];
    case DataType.GROUP: {
      const row = maxRows > 0 ? `${key}[0]` : key;
      return fields.flatMap(usual).map(([path, value]) => [`${row}.${path}`, value]);
    }
    case DataType.IDENTITY:
      return [
        [`${key}.kind`, 'personal_number'],
        [`${key}.number`, '086090000001'],
      ];
    case DataType.ADDRESS:
      return [[`${key}.unit`, WARD_1]];
    default:
      return [[key, USUAL[type] ?? '']];
  }
}

export const dataOf = (
  { definition }: DemoProcedure,
  given: Record<string, string> = {},
): Record<string, string> => ({ ...Object.fromEntries(definition.data.flatMap(usual)), ...given });

/** The outcome of a step: the usual one, or a refusal when the step has one. */
export function outcomeOf({ outcomes }: Step, refusing: boolean): { key: string; refuses: boolean } {
  const refusal = outcomes.find(({ effect }) => effect === Effect.REFUSE);
  const chosen = (refusing && refusal) || outcomes.find(({ effect }) => effect !== Effect.REFUSE);
  return { key: chosen?.key ?? '', refuses: chosen !== undefined && chosen === refusal };
}
