import {
  Channel,
  DataField,
  type Definition,
  type Difference,
  type PlannedStep,
  type SimulatedWay,
} from '@lienthong/contracts/registry';
import { MINUTES_PER_DAY, minutesOf } from '@lienthong/workflow';

/** A version with its simulated steps. */
export interface SimulatedVersion {
  definition: Definition;
  steps: readonly PlannedStep[];
  ways: readonly SimulatedWay[];
}

/** The difference for applicants and agencies: this version minus the one in force. */
export function differenceFrom(
  now: SimulatedVersion,
  before: SimulatedVersion & { version: number },
): Difference {
  const [papers, papersBefore] = [now.definition.papers, before.definition.papers];
  const without = (one: typeof papers, other: typeof papers): string[] =>
    one.filter(({ key }) => !other.some((paper) => paper.key === key)).map(({ name }) => name);
  return {
    againstVersion: before.version,
    workingDays: daysOf(now.definition) - daysOf(before.definition),
    papers: papers.length - papersBefore.length,
    feeVnd: feeOf(now) - feeOf(before),
    contacts: contactsOf(now) - contactsOf(before),
    steps: now.steps.length - before.steps.length,
    agencies: agenciesOf(now) - agenciesOf(before),
    papersRemoved: without(papersBefore, papers),
    papersAdded: without(papers, papersBefore),
    ...dataDifference(fieldsOf(now.definition), fieldsOf(before.definition)),
  };
}

const fieldsOf = ({ data, results }: Definition): Map<string, Buffer> =>
  new Map([...fieldsIn(data), ...results.flatMap((one) => [...fieldsIn(one.data, `results.${one.key}.`)])]);

/** Every field by its path, as bytes that two equal fields share; those of a group's own fields are not in it. */
function fieldsIn(fields: readonly DataField[], around = ''): Map<string, Buffer> {
  return new Map(
    fields.flatMap((field): [string, Buffer][] => [
      [
        around + field.key,
        Buffer.from(DataField.encode({ ...field, label: '', message: '', fields: [] }).finish()),
      ],
      ...fieldsIn(field.fields, `${around}${field.key}.`),
    ]),
  );
}

function dataDifference(
  now: ReadonlyMap<string, Buffer>,
  before: ReadonlyMap<string, Buffer>,
): Pick<Difference, 'dataRemoved' | 'dataAdded' | 'dataChanged'> {
  const paths = [...now.keys()];
  return {
    dataRemoved: [...before.keys()].filter((path) => !now.has(path)),
    dataAdded: paths.filter((path) => !before.has(path)),
    dataChanged: paths.filter((path) => before.get(path)?.equals(now.get(path) ?? Buffer.of()) === false),
  };
}

/** The legal time limit in working days. */
const daysOf = ({ timeLimit }: Definition): number => minutesOf(timeLimit) / MINUTES_PER_DAY;

/** The first way in person, or the first way when the procedure cannot be lodged in person. */
const usualWay = ({ ways }: SimulatedVersion): SimulatedWay | undefined =>
  ways.find(({ channel }) => channel === Channel.IN_PERSON) ?? ways[0];

const feeOf = (version: SimulatedVersion): bigint => usualWay(version)?.feeVnd ?? 0n;

/** The contacts of an applicant with agencies: intake, result, and payment of a fee, which may still be open. */
function contactsOf(version: SimulatedVersion): number {
  const way = usualWay(version);
  return way !== undefined && (way.feeVnd > 0n || way.feeOpen !== '') ? 3 : 2;
}

const agenciesOf = ({ steps }: SimulatedVersion): number =>
  new Set(steps.map(({ agencyId }) => agencyId)).size;
