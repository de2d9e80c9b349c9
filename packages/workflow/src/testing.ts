/** Short ways to write definitions in tests. */
import { Tier } from '@lienthong/contracts/directory';
import {
  type Block,
  Channel,
  DataField,
  DataType,
  Definition,
  Effect,
  Join,
  type Outcome,
  type Performer,
  type Step,
} from '@lienthong/contracts/registry';
import type { Facts } from './condition/condition.ts';

export const intake: Performer = { performer: { $case: 'intake', value: {} } };
export const ancestor = (tier: Tier): Performer => ({ performer: { $case: 'ancestor', value: tier } });
export const holderOf = (name: string): Performer => ({ performer: { $case: 'function', value: name } });
export const named = (agencyId: string): Performer => ({ performer: { $case: 'agencyId', value: agencyId } });

export const inDays = (value: number) => ({ amount: { $case: 'days', value } as const });
export const inHalfDays = (value: number) => ({ amount: { $case: 'halfDays', value } as const });
export const inCalendarDays = (value: number) => ({ amount: { $case: 'calendarDays', value } as const });
export const inMinutes = (value: number) => ({ amount: { $case: 'minutes', value } as const });

export const outcome = (key: string, effect: Effect = Effect.CONTINUE): Outcome => ({
  key,
  name: key,
  effect,
});

export const step = (key: string, more: Partial<Step> = {}): Block => ({
  key,
  block: {
    $case: 'step',
    value: {
      name: `Bước ${key}`,
      performer: intake,
      timeLimit: inDays(1),
      outcomes: [outcome('xong')],
      returns: [],
      produces: [],
      ...more,
    },
  },
});

export const sequence = (key: string, ...blocks: Block[]): Block => ({
  key,
  block: { $case: 'sequence', value: { blocks } },
});

/** The first branch leads. */
export const parallel = (key: string, join: Join, ...blocks: Block[]): Block => ({
  key,
  block: {
    $case: 'parallel',
    value: { join, branches: blocks.map((block, i) => ({ block, lead: i === 0 })) },
  },
});

export const choice = (key: string, cases: [string, Block][], otherwise?: Block): Block => ({
  key,
  block: {
    $case: 'choice',
    value: { cases: cases.map(([condition, block]) => ({ condition, block })), otherwise },
  },
});

export const consultation = (key: string, ...consulted: Performer[]): Block => ({
  key,
  block: {
    $case: 'consultation',
    value: {
      name: `Lấy ý kiến ${key}`,
      lead: intake,
      consulted,
      timeLimit: inDays(2),
      question: 'Có ý kiến gì?',
    },
  },
});

export const handOver = (key: string, to: Performer, result = false): Block => ({
  key,
  block: { $case: 'handOver', value: { name: `Chuyển ${key}`, to, timeLimit: inMinutes(240), result } },
});

export const subProcedure = (key: string, procedureCode: string): Block => ({
  key,
  block: { $case: 'subProcedure', value: { name: `Thủ tục ${key}`, procedureCode, intake } },
});

export const dataField = (key: string, type: DataType, more: Partial<DataField> = {}): DataField => ({
  ...DataField.fromPartial({ key, label: `Ô ${key}`, type }),
  ...more,
});

/** A sound procedure around a workflow: 20 days, one result, data area_m2, kind, urgent, floors, due. */
export const definition = (root: Block | undefined, more: Partial<Definition> = {}): Definition =>
  Definition.fromPartial({
    code: '1.001193',
    name: 'Cấp giấy phép xây dựng nhà ở riêng lẻ',
    tiers: [Tier.COMMUNE],
    field: 'Xây dựng',
    ways: [{ channel: Channel.IN_PERSON, feeVnd: 75_000n }],
    executingAgency: intake,
    decidingAgency: intake,
    results: [{ key: 'giay-phep', name: 'Giấy phép xây dựng', data: [] }],
    legalBasis: ['Luật Xây dựng số 50/2014/QH13'],
    timeLimit: inDays(20),
    data: [
      { key: 'area_m2', label: 'Diện tích', type: DataType.NUMBER },
      { key: 'kind', label: 'Loại công trình', type: DataType.TEXT },
      { key: 'urgent', label: 'Khẩn', type: DataType.BOOLEAN },
      { key: 'floors', label: 'Số tầng', type: DataType.INTEGER },
      { key: 'due', label: 'Ngày hẹn', type: DataType.DATE },
    ],
    ...more,
    workflow: { root },
  });

export const facts = (data: Record<string, string> = {}, more: Partial<Facts> = {}): Facts => ({
  data,
  channel: Channel.IN_PERSON,
  intakeTier: 'commune',
  applicantKind: 'citizen',
  caseKey: '',
  ...more,
});

export { Effect, Join, Tier };
