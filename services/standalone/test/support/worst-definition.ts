import { Tier } from '@lienthong/contracts/directory';
import { type Block, Channel, DataType, type Definition } from '@lienthong/contracts/registry';
import {
  choice,
  dataField,
  definition,
  inDays,
  inMinutes,
  sequence,
  step,
} from '@lienthong/workflow/testing';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const TIERS = [Tier.PROVINCE, Tier.DEPARTMENT, Tier.DISTRICT, Tier.COMMUNE];
const CHANNELS = [Channel.IN_PERSON, Channel.ONLINE, Channel.POST];
const FLAGS = 150;
const flag = (n: number): string => `data.co_${n % FLAGS}`;
/** True of some dossiers, and long to decide. */
const longCondition = (n: number): string =>
  `${flag(n)} && (${range(24)
    .map((i) => flag(n * 7 + i))
    .join(' || ')})`;
const quick = { timeLimit: inMinutes(60) };

/** A sound definition that takes long to read, check and draw: nearly as many blocks as one may have, with long conditions. */
export function worstDefinition(): Definition {
  const choices = range(9).map((i) =>
    choice(
      `chon-${i}`,
      range(50).map((j): [string, Block] => [longCondition(i * 50 + j), step(`buoc-${i}-${j}`, quick)]),
    ),
  );
  const last = step('ket-qua', { ...quick, produces: ['giay-phep'] });
  return definition(sequence('tat-ca', ...choices, last), {
    data: range(FLAGS).map((n) => dataField(`co_${n}`, DataType.BOOLEAN)),
  });
}

/** The same for so many tiers, channels and cases that a check of all of them exceeds its budget. */
export function endlessDefinition(): Definition {
  const cases = range(16).map((i) => ({
    key: `th-${i}`,
    name: `Trường hợp ${i}`,
    condition: '',
    timeLimit: undefined,
  }));
  const way = { feeVnd: 10_000n, timeLimit: undefined, applicants: [], note: '' };
  return {
    ...worstDefinition(),
    tiers: TIERS,
    cases,
    ways: CHANNELS.flatMap((channel) => cases.map(({ key }) => ({ ...way, channel, cases: [key] }))),
  };
}

/** Nearly as many ways with as many steps as a simulation may have. */
export function slowestSimulation(): Definition {
  const branch = (name: string): Block =>
    sequence(`nhanh-${name}`, ...range(20).map((n) => step(`buoc-${name}-${n}`, quick)));
  const choices = range(6).map((i) =>
    choice(`chon-${i}`, [[flag(i), branch(`${i}-co`)]], branch(`${i}-khong`)),
  );
  return definition(sequence('tat-ca', ...choices, step('ket-qua', { produces: ['giay-phep'] })), {
    timeLimit: inDays(60),
    data: range(6).map((n) => dataField(`co_${n}`, DataType.BOOLEAN)),
  });
}
