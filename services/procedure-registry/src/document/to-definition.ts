import type { WorkingDuration } from '@lienthong/contracts/common';
import { Tier } from '@lienthong/contracts/directory';
import {
  ApplicantKind,
  type Block,
  Channel,
  type DataField,
  DataType,
  type Definition,
  Effect,
  Join,
  type Performer,
  ServiceLevel,
} from '@lienthong/contracts/registry';
import { unreachable } from '@lienthong/kit/pure';
import type { z } from 'zod';
import type { DataFieldDocument } from './data-schema.ts';
import type { duration, performer } from './pieces.ts';
import type { DefinitionDocument } from './schema.ts';
import type { BlockDocument } from './workflow-schema.ts';

export const TIER = {
  ministry: Tier.MINISTRY,
  province: Tier.PROVINCE,
  department: Tier.DEPARTMENT,
  district: Tier.DISTRICT,
  commune: Tier.COMMUNE,
} as const;
export const CHANNEL = {
  in_person: Channel.IN_PERSON,
  online: Channel.ONLINE,
  post: Channel.POST,
} as const;
export const APPLICANT = {
  citizen: ApplicantKind.CITIZEN,
  household: ApplicantKind.HOUSEHOLD,
  organisation: ApplicantKind.ORGANISATION,
  foreign: ApplicantKind.FOREIGN,
} as const;
export const DATA_TYPE = {
  text: DataType.TEXT,
  integer: DataType.INTEGER,
  number: DataType.NUMBER,
  boolean: DataType.BOOLEAN,
  date: DataType.DATE,
  money: DataType.MONEY,
  choice: DataType.CHOICE,
  group: DataType.GROUP,
  identity: DataType.IDENTITY,
  address: DataType.ADDRESS,
  file: DataType.FILE,
} as const;
export const SERVICE_LEVEL = { full: ServiceLevel.FULL, partial: ServiceLevel.PARTIAL } as const;
export const EFFECT = {
  continue: Effect.CONTINUE,
  finish: Effect.FINISH,
  refuse: Effect.REFUSE,
} as const;
export const JOIN = { all: Join.ALL, lead: Join.LEAD, first: Join.FIRST } as const;

/** The definition that a checked document describes. */
export function toDefinition(document: DefinitionDocument): Definition {
  return {
    code: document.code,
    name: document.name,
    tiers: document.tiers.map((one) => TIER[one]),
    kind: document.kind,
    field: document.field,
    sequence: document.sequence,
    ways: document.ways.map((way) => ({
      channel: CHANNEL[way.channel],
      timeLimit: way.time_limit && toDuration(way.time_limit),
      feeVnd: BigInt(way.fee_vnd),
      note: way.note,
      applicants: way.applicants.map((one) => APPLICANT[one]),
      cases: way.cases,
    })),
    papers: document.papers,
    applicants: document.applicants,
    executingAgency: optional(document.executing_agency),
    decidingAgency: optional(document.deciding_agency),
    intakePlace: document.intake_place,
    authorisedAgency: optional(document.authorised_agency),
    coordinatingAgencies: document.coordinating_agencies.map(toPerformer),
    results: document.results.map(({ data, ...one }) => ({ ...one, data: data.map(toDataField) })),
    legalBasis: document.legal_basis,
    conditions: document.conditions,
    keywords: document.keywords,
    timeLimit: toDuration(document.time_limit),
    data: document.data.map(toDataField),
    workflow: { root: toBlock(document.workflow) },
    serviceLevel: document.service_level ? SERVICE_LEVEL[document.service_level] : ServiceLevel.UNSPECIFIED,
    serviceLevelReason: document.service_level_reason,
    servedElsewhere: document.served_elsewhere,
    sample: document.sample,
    cases: document.cases.map(({ time_limit: limit, ...one }) => ({
      ...one,
      timeLimit: limit && toDuration(limit),
    })),
    fees: document.fees.map(({ key, name, rules, reliefs }) => ({
      key,
      name,
      rules: rules.map(({ amount_vnd: amount, ...rule }) => ({
        ...withDays(rule),
        amountVnd: BigInt(amount),
      })),
      reliefs: reliefs.map(withDays),
    })),
  };
}

const toDataField = (given: DataFieldDocument): DataField => ({
  key: given.key,
  label: given.label,
  type: DATA_TYPE[given.type],
  required: given.required,
  message: given.message,
  pattern: given.pattern,
  minimum: given.minimum,
  maximum: given.maximum,
  choices: given.choices.map(({ value, label, only_for: onlyFor }) => ({ value, label, onlyFor })),
  dependsOn: given.depends_on,
  fields: given.fields.map(toDataField),
  minRows: given.min_rows,
  maxRows: given.max_rows,
  inEvents: given.in_events,
});

const withDays = <T extends { first_day?: string | undefined; last_day?: string | undefined }>({
  first_day: firstDay = '',
  last_day: lastDay = '',
  ...rest
}: T) => ({ ...rest, firstDay, lastDay });

const optional = (one: z.output<typeof performer> | undefined): Performer | undefined =>
  one === undefined ? undefined : toPerformer(one);

function toPerformer(one: z.output<typeof performer>): Performer {
  if (typeof one === 'string') return { performer: { $case: one, value: {} } };
  if (one.ancestor !== undefined) return { performer: { $case: 'ancestor', value: TIER[one.ancestor] } };
  if (one.function !== undefined) return { performer: { $case: 'function', value: one.function } };
  if (one.competent_ancestor !== undefined)
    return { performer: { $case: 'competentAncestor', value: TIER[one.competent_ancestor] } };
  if (one.competent_function !== undefined)
    return { performer: { $case: 'competentFunction', value: one.competent_function } };
  return { performer: { $case: 'agencyId', value: one.agency_id ?? '' } };
}

function toDuration(given: z.output<typeof duration>): WorkingDuration {
  const { days, hours, minutes, calendar_days: calendarDays } = given;
  if (calendarDays !== undefined) return { amount: { $case: 'calendarDays', value: calendarDays } };
  if (days !== undefined && !Number.isInteger(days))
    return { amount: { $case: 'halfDays', value: days * 2 } };
  if (days !== undefined) return { amount: { $case: 'days', value: days } };
  return { amount: { $case: 'minutes', value: minutes ?? (hours ?? 0) * 60 } };
}

function toBlock(given: BlockDocument): Block {
  return { key: given.key, block: kindOf(given) };
}

function kindOf(given: BlockDocument): Block['block'] {
  if (given.step) {
    const { time_limit: limit, ...step } = given.step;
    return {
      $case: 'step',
      value: {
        name: step.name,
        performer: toPerformer(step.performer),
        timeLimit: toDuration(limit),
        outcomes: step.outcomes.map((one) => ({ ...one, effect: EFFECT[one.effect] })),
        returns: step.returns.map((one) => ({ to: one.to, atMost: one.at_most })),
        produces: step.produces,
      },
    };
  }
  if (given.sequence) return { $case: 'sequence', value: { blocks: given.sequence.map(toBlock) } };
  if (given.parallel) {
    const { branches, join } = given.parallel;
    return {
      $case: 'parallel',
      value: {
        branches: branches.map(({ lead, block }) => ({ lead, block: toBlock(block) })),
        join: JOIN[join],
      },
    };
  }
  if (given.consultation) {
    const { name, lead, consulted, time_limit: limit, question } = given.consultation;
    return {
      $case: 'consultation',
      value: {
        name,
        lead: toPerformer(lead),
        consulted: consulted.map(toPerformer),
        timeLimit: toDuration(limit),
        question,
      },
    };
  }
  if (given.choice) {
    const { cases, otherwise } = given.choice;
    return {
      $case: 'choice',
      value: {
        cases: cases.map(({ condition, block }) => ({ condition, block: toBlock(block) })),
        otherwise: otherwise && toBlock(otherwise),
      },
    };
  }
  if (given.hand_over) {
    const { name, to, time_limit: limit, result } = given.hand_over;
    return {
      $case: 'handOver',
      value: { name, to: toPerformer(to), timeLimit: toDuration(limit), result },
    };
  }
  if (given.sub_procedure) {
    const { name, procedure_code: procedureCode, intake } = given.sub_procedure;
    return { $case: 'subProcedure', value: { name, procedureCode, intake: toPerformer(intake) } };
  }
  return unreachable(given as never);
}
