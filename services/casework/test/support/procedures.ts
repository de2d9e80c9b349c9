import { Tier } from '@lienthong/contracts/directory';
import {
  type Block,
  Channel,
  type Definition,
  Effect,
  Procedure,
  ProcedureState,
} from '@lienthong/contracts/registry';
import { uuidv7 } from '@lienthong/kit';
import {
  ancestor,
  definition,
  holderOf,
  inDays,
  intake,
  outcome,
  sequence,
  step,
} from '@lienthong/workflow/testing';

let drawn = 0;

/** A procedure in force since 1 January 2025, under a code of its own unless one is given. */
export function procedure(
  root: Block,
  more: Partial<Definition> = {},
  outline: Partial<
    Pick<Procedure, 'id' | 'version' | 'effectiveOn' | 'endedOn' | 'state' | 'suspension'>
  > = {},
): Procedure {
  drawn += 1;
  const { code = `1.${String(drawn).padStart(6, '0')}` } = more;
  return Procedure.fromPartial({
    id: uuidv7(),
    code,
    version: 1,
    state: ProcedureState.PUBLISHED,
    effectiveOn: '2025-01-01',
    definition: definition(root, { ...offered, ...more, code }),
    ...outline,
  });
}

/** Taken in by communes, through every channel, with one mandatory paper. */
const offered: Partial<Definition> = {
  tiers: [Tier.COMMUNE],
  ways: [Channel.IN_PERSON, Channel.ONLINE, Channel.POST].map((channel) => ({
    channel,
    timeLimit: undefined,
    feeVnd: 75_000n,
    note: '',
    applicants: [],
    cases: [],
  })),
  papers: [
    {
      key: 'don',
      name: 'Đơn đề nghị',
      form: 'Mẫu số 01',
      originals: 1,
      copies: 0,
      mandatory: true,
      condition: '',
      cases: [],
    },
  ],
};

/** Four steps: received and examined at the commune, appraised by the land department, signed by its province. */
export const fourSteps = (): Procedure =>
  procedure(
    sequence(
      'quy-trinh',
      step('tiep-nhan', { name: 'Kiểm tra hồ sơ' }),
      step('tham-dinh', {
        name: 'Thẩm định',
        performer: holderOf('land'),
        timeLimit: inDays(5),
        outcomes: [outcome('dat'), outcome('khong-dat', Effect.REFUSE)],
        returns: [{ to: 'tiep-nhan', atMost: 1 }],
      }),
      step('ky', {
        name: 'Ký giấy phép',
        performer: ancestor(Tier.PROVINCE),
        timeLimit: inDays(2),
        produces: ['giay-phep'],
      }),
      step('tra', { name: 'Trả kết quả', performer: intake }),
    ),
  );
