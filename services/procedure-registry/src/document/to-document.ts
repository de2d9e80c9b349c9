import type { WorkingDuration } from '@lienthong/contracts/common';
import type { Block, DataField, Definition, FeeRelief, Performer } from '@lienthong/contracts/registry';
import { unreachable } from '@lienthong/kit/pure';
import { APPLICANT, CHANNEL, DATA_TYPE, EFFECT, JOIN, SERVICE_LEVEL, TIER } from './to-definition.ts';

type Fields = Record<string, unknown>;

const wordsOf = (numbers: Readonly<Record<string, number>>) => {
  const words = new Map(Object.entries(numbers).map(([word, number]) => [number, word]));
  /** An unknown number stays a number, so that the schema refuses it. */
  return (number: number): unknown => (number === 0 ? undefined : (words.get(number) ?? number));
};
const tierWord = wordsOf(TIER);
const channelWord = wordsOf(CHANNEL);
const applicantWord = wordsOf(APPLICANT);
const typeWord = wordsOf(DATA_TYPE);
const effectWord = wordsOf(EFFECT);
const joinWord = wordsOf(JOIN);
const levelWord = wordsOf(SERVICE_LEVEL);

/**
 * A definition in the form of a document, without empty fields. The document of an unchecked definition may lack required
 * fields; `checkDocument` reports them.
 */
export function toDocument(definition: Definition): Fields {
  return compact({
    code: definition.code,
    name: definition.name,
    tiers: definition.tiers.map(tierWord),
    kind: definition.kind,
    field: definition.field,
    sequence: definition.sequence,
    ways: definition.ways.map((way) =>
      compact({
        channel: channelWord(way.channel),
        time_limit: durationOf(way.timeLimit),
        fee_vnd: Number(way.feeVnd),
        note: way.note,
        applicants: way.applicants.map((one) => applicantWord(one) ?? one),
        cases: way.cases,
      }),
    ),
    papers: definition.papers.map((paper) =>
      compact({
        key: paper.key,
        name: paper.name,
        form: paper.form,
        originals: paper.originals,
        copies: paper.copies,
        mandatory: paper.mandatory,
        condition: paper.condition,
        cases: paper.cases,
      }),
    ),
    applicants: definition.applicants,
    executing_agency: performerOf(definition.executingAgency),
    deciding_agency: performerOf(definition.decidingAgency),
    intake_place: definition.intakePlace,
    authorised_agency: performerOf(definition.authorisedAgency),
    coordinating_agencies: definition.coordinatingAgencies.map(performerOf),
    results: definition.results.map(({ key, name, data }) =>
      compact({ key, name, data: data.map(dataFieldOf) }),
    ),
    legal_basis: definition.legalBasis,
    conditions: definition.conditions,
    keywords: definition.keywords,
    time_limit: durationOf(definition.timeLimit),
    data: definition.data.map(dataFieldOf),
    workflow: blockOf(definition.workflow?.root),
    cases: definition.cases.map((one) =>
      compact({
        key: one.key,
        name: one.name,
        condition: one.condition,
        time_limit: durationOf(one.timeLimit),
      }),
    ),
    service_level: levelWord(definition.serviceLevel),
    service_level_reason: definition.serviceLevelReason,
    served_elsewhere: definition.servedElsewhere,
    fees: definition.fees.map(({ key, name, rules, reliefs }) =>
      compact({
        key,
        name,
        rules: rules.map((rule) =>
          compact({
            name: rule.name,
            amount_vnd: Number(rule.amountVnd),
            count: rule.count,
            unit: rule.unit,
            included: rule.included,
            ...appliesOf(rule),
          }),
        ),
        reliefs: reliefs.map((relief) =>
          compact({ name: relief.name, percent: relief.percent, ...appliesOf(relief) }),
        ),
      }),
    ),
    sample: definition.sample,
  });
}

const dataFieldOf = (field: DataField): Fields =>
  compact({
    key: field.key,
    label: field.label,
    type: typeWord(field.type),
    required: field.required,
    message: field.message,
    pattern: field.pattern,
    minimum: field.minimum,
    maximum: field.maximum,
    depends_on: field.dependsOn,
    choices: field.choices.map(({ value, label, onlyFor }) => compact({ value, label, only_for: onlyFor })),
    min_rows: field.minRows,
    max_rows: field.maxRows,
    in_events: field.inEvents,
    fields: field.fields.map(dataFieldOf),
  });

/** Removes the values that the schema adds as defaults: empty texts, empty lists, false and 0. */
const compact = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== undefined &&
        value !== '' &&
        value !== false &&
        value !== 0 &&
        !(Array.isArray(value) && value.length === 0),
    ),
  );

const appliesOf = ({
  condition,
  firstDay,
  lastDay,
  source,
}: Omit<FeeRelief, 'name' | 'percent'>): Fields => ({
  condition,
  first_day: firstDay,
  last_day: lastDay,
  source,
});

function durationOf(given: WorkingDuration | undefined): Fields | undefined {
  if (!given?.amount) return undefined;
  const { $case, value } = given.amount;
  if ($case === 'calendarDays') return { calendar_days: value };
  if ($case === 'days') return { days: value };
  if ($case === 'halfDays') return { days: value / 2 };
  return value > 0 && value % 60 === 0 ? { hours: value / 60 } : { minutes: value };
}

function performerOf(given: Performer | undefined): unknown {
  const one = given?.performer;
  if (one === undefined) return undefined;
  switch (one.$case) {
    case 'intake':
    case 'competent':
      return one.$case;
    case 'ancestor':
      return { ancestor: tierWord(one.value) };
    case 'function':
      return { function: one.value };
    case 'competentAncestor':
      return { competent_ancestor: tierWord(one.value) };
    case 'competentFunction':
      return { competent_function: one.value };
    case 'agencyId':
      return { agency_id: one.value };
    default:
      return unreachable(one);
  }
}

function blockOf(given: Block | undefined): Fields | undefined {
  return given && { key: given.key, ...kindOf(given.block) };
}

function kindOf(block: Block['block']): Fields {
  switch (block?.$case) {
    case undefined:
      return {};
    case 'step': {
      const step = block.value;
      return {
        step: compact({
          name: step.name,
          performer: performerOf(step.performer),
          time_limit: durationOf(step.timeLimit),
          outcomes: step.outcomes.map(({ key, name, effect }) => outcomeOf(key, name, effectWord(effect))),
          returns: step.returns.map(({ to, atMost }) => ({ to, at_most: atMost })),
          produces: step.produces,
        }),
      };
    }
    case 'sequence':
      return { sequence: block.value.blocks.map(blockOf) };
    case 'parallel': {
      const join = joinWord(block.value.join);
      const branches = block.value.branches.map((one) =>
        compact({ lead: one.lead, block: blockOf(one.block) }),
      );
      return { parallel: compact({ join: join === 'all' ? undefined : join, branches }) };
    }
    case 'consultation': {
      const { name, lead, consulted, timeLimit, question } = block.value;
      return {
        consultation: compact({
          name,
          lead: performerOf(lead),
          consulted: consulted.map(performerOf),
          time_limit: durationOf(timeLimit),
          question,
        }),
      };
    }
    case 'choice': {
      const cases = block.value.cases.map((one) =>
        compact({ condition: one.condition, block: blockOf(one.block) }),
      );
      return { choice: compact({ cases, otherwise: blockOf(block.value.otherwise) }) };
    }
    case 'handOver': {
      const { name, to, timeLimit, result } = block.value;
      return {
        hand_over: compact({ name, to: performerOf(to), time_limit: durationOf(timeLimit), result }),
      };
    }
    case 'subProcedure': {
      const { name, procedureCode, intake } = block.value;
      return {
        sub_procedure: compact({ name, procedure_code: procedureCode, intake: performerOf(intake) }),
      };
    }
    default:
      return unreachable(block);
  }
}

const outcomeOf = (key: string, name: string, effect: unknown): Fields =>
  effect === 'continue' ? { key, name } : compact({ key, name, effect });
