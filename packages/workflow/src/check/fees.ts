/** Checks that each fee has exactly one rule for a dossier, as far as that is certain before there is one. */
import { DataType, type Definition } from '@lienthong/contracts/registry';
import { isDate } from '@lienthong/working-time';
import type { Circumstances } from '../circumstances.ts';
import type { PartialFacts } from '../condition/condition.ts';
import { isWithin, MAX_FEE_VND } from '../fees/compute.ts';
import { checkDistinct, checkKey } from '../keys.ts';
import type { FeeNode } from '../model.ts';
import { tierName } from '../performer.ts';
import type { Problems } from '../problem.ts';
import { checkText } from './text.ts';

export function checkFees(
  definition: Definition,
  nodes: readonly FeeNode[],
  circumstances: readonly Circumstances[],
  problems: Problems,
): void {
  const { fees, ways } = definition;
  checkDistinct(
    problems,
    fees.map(({ key }) => key),
    (i) => `fees[${i}].key`,
  );
  if (fees.length > 0)
    for (const [i, { feeVnd }] of ways.entries())
      if (feeVnd > 0n)
        problems.error('FEE_TWICE', `ways[${i}].fee_vnd`, 'the procedure has fees with rules; give 0 here');
  for (const [i, fee] of fees.entries()) {
    const place = `fees[${i}]`;
    checkKey(problems, fee.key, `${place}.key`);
    checkText(fee.name, `${place}.name`, 'NAME_MISSING', 'the fee has no name', problems);
    if (fee.rules.length === 0)
      problems.error('FEE_RULE_MISSING', `${place}.rules`, 'the fee has no rule; give at least one');
    for (const [j, rule] of fee.rules.entries()) {
      const at = `${place}.rules[${j}]`;
      if (rule.amountVnd < 0n || rule.amountVnd > BigInt(MAX_FEE_VND))
        problems.error('FEE_AMOUNT_INVALID', `${at}.amount_vnd`, `must be 0 to ${MAX_FEE_VND} đồng`);
      if (rule.included < 0)
        problems.error('COUNT_NEGATIVE', `${at}.included`, `${rule.included} is negative; give 0 or more`);
      checkCount(definition, rule.count, `${at}.count`, problems);
      checkDays(rule, at, problems);
    }
    for (const [j, relief] of fee.reliefs.entries()) {
      const at = `${place}.reliefs[${j}]`;
      checkText(relief.name, `${at}.name`, 'NAME_MISSING', 'the relief has no name', problems);
      if (relief.percent < 1 || relief.percent > 100)
        problems.error('RELIEF_PERCENT_INVALID', `${at}.percent`, 'must be 1 to 100; 100 is an exemption');
      checkDays(relief, at, problems);
    }
  }
  for (const [i, node] of nodes.entries())
    for (const one of circumstances) checkRules(node, one, `fees[${i}].rules`, problems);
}

function checkCount({ data }: Definition, key: string, place: string, problems: Problems): void {
  if (key === '' || data.some((field) => field.key === key && field.type === DataType.INTEGER)) return;
  const message = `must be the key of an integer data field; there is none called ${key}`;
  problems.error('FEE_COUNT_FIELD_INVALID', place, message);
}

function checkDays(
  { firstDay, lastDay }: { firstDay: string; lastDay: string },
  place: string,
  problems: Problems,
): void {
  for (const [name, day] of [
    ['first_day', firstDay],
    ['last_day', lastDay],
  ] as const)
    if (day !== '' && !isDate(day))
      problems.error('DATE_INVALID', `${place}.${name}`, 'must be a real date written YYYY-MM-DD');
  if (lastDay !== '' && lastDay < firstDay)
    problems.error('PERIOD_INVALID', `${place}.last_day`, `must not be before ${firstDay}`);
}

/** Reports a day on which no rule can hold, and two that hold for every dossier of the circumstances. */
function checkRules(
  { rules }: FeeNode,
  { intakeTier, channel, caseKey }: Circumstances,
  place: string,
  problems: Problems,
): void {
  const known: PartialFacts = {
    intakeTier: intakeTier === undefined ? undefined : tierName(intakeTier),
    channel,
    caseKey: caseKey ?? '',
  };
  const holds = rules.map(({ condition }) => (condition === undefined ? true : condition.decide(known)));
  for (const day of daysOfChange(rules.map(({ of }) => of))) {
    const open = rules.flatMap(({ of }, i) => (holds[i] !== false && isWithin(of, day) ? [i] : []));
    const certain = open.filter((i) => holds[i] === true);
    const when = day === '' ? '' : ` on ${day}`;
    if (open.length === 0) {
      const message = `no rule can hold${when}${whose(known)}; give one for these dossiers`;
      problems.error('FEE_RULE_MISSING', place, message);
    }
    const [first, second] = certain;
    if (second === undefined) continue;
    const message = `always holds together with rule ${first}${when}${whose(known)}; give conditions or days that exclude each other`;
    problems.error('FEE_RULE_AMBIGUOUS', `${place}[${second}]`, message);
  }
}

/** A day of each stretch between changes; before the first day of all nothing was in force. */
function daysOfChange(rules: readonly { firstDay: string; lastDay: string }[]): string[] {
  const starts = rules.flatMap(({ firstDay, lastDay }) => [
    firstDay,
    ...(isDate(lastDay) ? [dayAfter(lastDay)] : []),
  ]);
  return [...new Set(starts)].sort();
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

const whose = ({ channel, caseKey }: PartialFacts): string =>
  `${channel === undefined ? '' : `, channel ${channel}`}${caseKey ? `, case ${caseKey}` : ''}`;
