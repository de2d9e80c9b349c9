import { Tier } from '@lienthong/contracts/directory';
import type { Block, Definition } from '@lienthong/contracts/registry';
import { type CompiledWorkflow, compile } from '@lienthong/workflow';
import { definition } from '@lienthong/workflow/testing';
import { buildCalendar, type Calendar, VIETNAM, vietnamCalendar } from '@lienthong/working-time';
import type { Territory } from '../../src/domain/simulation/territory.ts';

/** From the commune up. */
const CHAIN = ['xa', 'huyen', 'tinh'];
const TIERS: readonly Tier[] = [Tier.COMMUNE, Tier.DISTRICT, Tier.PROVINCE];

const MORNING = [{ from: '08:00', to: '12:00' }];
const mornings = buildCalendar({
  ...VIETNAM,
  hours: [
    {
      from: '2000-01-01',
      week: { monday: MORNING, tuesday: MORNING, wednesday: MORNING, thursday: MORNING, friday: MORNING },
    },
  ],
});
if (!mornings.ok) throw new Error(mornings.refusal.message);
/** Four hours a day; the hours of "so-sang". */
export const MORNINGS: Calendar = mornings.value;

/**
 * A commune under a district under a province. A function is held by the agency of its name; "khong" is held by
 * nobody. Office hours are the usual ones, but for "so-sang".
 */
export const territory = (procedures: Readonly<Record<string, CompiledWorkflow>> = {}): Territory => ({
  performer(performer, { intakeId, competentId }) {
    const who = performer?.performer;
    switch (who?.$case) {
      case 'intake':
        return intakeId;
      case 'competent':
        return competentId;
      case 'ancestor':
      case 'competentAncestor':
        return CHAIN[TIERS.indexOf(who.value)];
      case 'function':
      case 'competentFunction':
        return who.value === 'khong' ? undefined : who.value;
      default:
        return who?.value;
    }
  },
  competent(executingAgency, intakeId) {
    return this.performer(executingAgency, { intakeId, competentId: '' }) ?? intakeId;
  },
  receivers(fromId, toId) {
    const [from, to] = [CHAIN.indexOf(fromId), CHAIN.indexOf(toId)];
    if (fromId === toId) return [];
    if (from < 0 || to < 0) return [toId];
    return from < to ? CHAIN.slice(from + 1, to + 1) : CHAIN.slice(to, from).reverse();
  },
  nameOf: (agencyId) => `Cơ quan ${agencyId}`,
  tierOf: (agencyId) => (agencyId === 'tinh' ? 'province' : 'commune'),
  calendarOf: (agencyId) => (agencyId === 'so-sang' ? MORNINGS : vietnamCalendar),
  procedure: (code) => procedures[code],
});

/** A workflow that must be sound enough to run. */
export function compiled(root: Block, more: Partial<Definition> = {}): CompiledWorkflow {
  const result = compile(definition(root, more));
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

/** `2026-02-12 09:00` or `… 09:00:01` in Vietnam. */
export const vn = (text: string): number => {
  const instant = Date.parse(`${text.replace(' ', 'T')}+07:00`);
  if (Number.isNaN(instant)) throw new Error(`not an instant: ${text}`);
  return instant;
};

/** The same, back. */
export const shown = (instant: Date | number | undefined): string =>
  instant === undefined
    ? 'never'
    : new Date(Number(instant) + 7 * 3_600_000)
        .toISOString()
        .slice(0, 19)
        .replace('T', ' ')
        .replace(/:00$/, '');
