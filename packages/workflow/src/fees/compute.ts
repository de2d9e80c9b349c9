/** Computes what a dossier costs: of each fee the one rule that holds, less the greatest relief that holds. */
import type { Fee, FeeRelief, FeeRule, Way } from '@lienthong/contracts/registry';
import type { Condition, Facts } from '../condition/condition.ts';
import { stated } from '../data/tree.ts';
import type { CompiledWorkflow, FeeNode, Ruled } from '../model.ts';
import { type FieldViolation, failure, type Result, success } from '../result.ts';

/** More than any fee: a higher amount is a mistake. */
export const MAX_FEE_VND = 1_000_000_000_000;

/** One fee of a dossier, with the rule and the relief that gave it; plain JSON, kept with the dossier. */
export interface ComputedFee {
  /** '' for the fee of a way. */
  key: string;
  name: string;
  rule: Pick<FeeRule, 'name' | 'unit' | 'included' | 'source'> & { amountVnd: number };
  /** Units before those that are included; null when the rule counts none. */
  count: number | null;
  relief: Pick<FeeRelief, 'name' | 'percent' | 'lastDay' | 'source'> | null;
  /** Whole đồng, 0 or more. */
  amountVnd: number;
}

/**
 * The fees of a dossier lodged on a day (YYYY-MM-DD) by a way; none for one that is free. Refuses, at the data that the
 * rules read: FEE_RULE_MISSING, FEE_RULE_AMBIGUOUS, CONDITION_FAILED, FEE_COUNT_MISSING, FEE_COUNT_INVALID, FEE_TOO_HIGH.
 */
export function computeFees(
  { fees }: Pick<CompiledWorkflow, 'fees'>,
  way: Pick<Way, 'feeVnd'> | undefined,
  facts: Facts,
  lodgedOn: string,
): Result<ComputedFee[]> {
  if (fees.length === 0) return success(way === undefined || way.feeVnd <= 0n ? [] : [feeOfWay(way.feeVnd)]);
  const computed: ComputedFee[] = [];
  const violations: FieldViolation[] = [];
  for (const fee of fees) {
    const result = computeFee(fee, facts, lodgedOn);
    if (Array.isArray(result)) violations.push(...result);
    else computed.push(result);
  }
  if (violations.length === 0) return success(computed);
  const message = violations.map(({ field, description }) => `${field} ${description}`).join('; ');
  return failure({ kind: 'failed-precondition', reason: 'FEE_NOT_COMPUTED', message, violations });
}

export const totalOf = (fees: readonly ComputedFee[]): number =>
  fees.reduce((sum, { amountVnd }) => sum + amountVnd, 0);

const feeOfWay = (feeVnd: bigint): ComputedFee => ({
  key: '',
  name: 'Phí, lệ phí',
  rule: { name: '', unit: '', included: 0, source: '', amountVnd: Number(feeVnd) },
  count: null,
  relief: null,
  amountVnd: Number(feeVnd),
});

function computeFee(node: FeeNode, facts: Facts, lodgedOn: string): ComputedFee | FieldViolation[] {
  const { fee } = node;
  const rules = holding(node.rules, facts, lodgedOn);
  const reliefs = holding(node.reliefs, facts, lodgedOn);
  if (!rules.ok || !reliefs.ok) {
    const failed = [rules, reliefs].flatMap((one) => (one.ok ? [] : one.failed));
    return failed.map(([field, message]) => violation(field, 'CONDITION_FAILED', fee, message));
  }
  const [rule, second] = rules.value;
  if (rule === undefined)
    return read(node).map((field) =>
      violation(field, 'FEE_RULE_MISSING', fee, `no rule holds for a dossier like this on ${lodgedOn}`),
    );
  if (second !== undefined)
    return read(node).map((field) =>
      violation(field, 'FEE_RULE_AMBIGUOUS', fee, `${rules.value.length} rules hold on ${lodgedOn}`),
    );
  const count = countOf(rule, fee, facts);
  if (typeof count === 'object' && count !== null) return [count];
  const relief = reliefs.value.reduce<FeeRelief | undefined>(
    (best, one) => (best === undefined || one.percent > best.percent ? one : best),
    undefined,
  );
  const units = count === null ? 1n : BigInt(Math.max(0, count - rule.included));
  const full = rule.amountVnd * units;
  if (full > BigInt(MAX_FEE_VND))
    return [violation(`data.${rule.count}`, 'FEE_TOO_HIGH', fee, `gives more than ${MAX_FEE_VND} đồng`)];
  const { name, unit, included, source } = rule;
  return {
    key: fee.key,
    name: fee.name,
    rule: { name, unit, included, source, amountVnd: Number(rule.amountVnd) },
    count,
    relief: relief
      ? { name: relief.name, percent: relief.percent, lastDay: relief.lastDay, source: relief.source }
      : null,
    // Division of whole numbers that are not negative rounds down.
    amountVnd: Number((full * BigInt(100 - (relief?.percent ?? 0))) / 100n),
  };
}

type Holding<T> = { ok: true; value: T[] } | { ok: false; failed: [field: string, message: string][] };

/** The rules whose days and condition hold. */
function holding<T extends { firstDay: string; lastDay: string }>(
  rules: readonly Ruled<T>[],
  facts: Facts,
  lodgedOn: string,
): Holding<T> {
  const value: T[] = [];
  const failed: [string, string][] = [];
  for (const { of, condition } of rules) {
    if (!isWithin(of, lodgedOn)) continue;
    const holds = condition?.evaluate(facts) ?? success(true);
    if (!holds.ok)
      failed.push(...fieldsOf(condition).map((field) => [field, holds.refusal.message] as [string, string]));
    else if (holds.value) value.push(of);
  }
  return failed.length === 0 ? { ok: true, value } : { ok: false, failed };
}

/** Whether a day is within the days of a rule. */
export const isWithin = (
  { firstDay, lastDay }: { firstDay: string; lastDay: string },
  day: string,
): boolean => firstDay <= day && (lastDay === '' || day <= lastDay);

/** Null for a rule that counts nothing. */
function countOf({ count: key }: FeeRule, fee: Fee, { data }: Facts): number | null | FieldViolation {
  if (key === '') return null;
  const text = stated(data, key);
  if (text === undefined)
    return violation(`data.${key}`, 'FEE_COUNT_MISSING', fee, 'is counted by this field; give it');
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= 0
    ? count
    : violation(`data.${key}`, 'FEE_COUNT_INVALID', fee, 'must be counted in whole numbers from 0 up');
}

/** The fields of a lodging that decide a fee. */
function read({ rules }: FeeNode): string[] {
  const fields = new Set(rules.flatMap(({ condition }) => fieldsOf(condition)));
  return fields.size === 0 ? [NO_FIELD] : [...fields];
}

const REQUEST_FIELDS: Readonly<Record<string, string>> = {
  channel: 'channel',
  applicant_kind: 'applicant.kind',
  case_key: 'case_key',
};

/** A fee that reads nothing, or only the tier of the agency, is of the procedure alone. */
const NO_FIELD = 'procedure_code';

const fieldsOf = (condition: Condition | undefined): string[] => [
  ...[...(condition?.use.fields ?? [])].map((key) => `data.${key}`),
  ...[...(condition?.use.variables ?? [])].map((name) => REQUEST_FIELDS[name] ?? NO_FIELD),
];

const violation = (field: string, reason: string, { name }: Fee, what: string): FieldViolation => ({
  field,
  reason,
  description: `${name}: ${what}`,
});
