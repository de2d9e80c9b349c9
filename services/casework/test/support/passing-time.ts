import { Agency, CalendarYear } from '@lienthong/contracts/directory';
import { type AgencyBook, type CalendarBook, type OfficerBook, shippedYear } from '@lienthong/reference-data';
import type { CaseworkEvent, Decision } from '../../src/domain/decision/events.ts';
import type { PlatformDecision } from '../../src/domain/decision/platform.ts';
import type { Dossier } from '../../src/domain/dossier/state.ts';
import type { World } from '../../src/domain/dossier/world.ts';
import { checkDecision, type Scenario } from './scenario.ts';

/** The reference data of a scenario, for changes of the world. */
export const agenciesOf = ({ world }: Scenario) => world.agencies as AgencyBook;
export const officersOf = ({ world }: Scenario) => world.officers as OfficerBook;
export const calendarsOf = ({ world }: Scenario) => world.calendars as CalendarBook;

/** 2026 as the platform ships it, with more days off. */
export const withDaysOff = (version: number, ...dates: string[]): CalendarYear => {
  const shipped = shippedYear(2026);
  return CalendarYear.fromPartial({
    ...shipped,
    days: [
      ...shipped.days,
      ...dates.map((from) => ({
        from,
        name: 'Nghỉ bù',
        source: 'Thông báo 6150/TB-BNV',
        kind: { $case: 'off', value: {} } as const,
      })),
    ],
    legalBasis: 'Thông báo 6150/TB-BNV',
    version: BigInt(version),
    provisional: false,
  });
};

/** The same agency with office hours in the morning only, from a date on. */
export const morningsOnly = (before: Agency, validFrom: string): Agency =>
  Agency.fromPartial({
    ...before,
    officeHours: [
      { spans: [1, 2, 3, 4, 5].map((day) => ({ day, opens: '07:00', closes: '11:00' })), validFrom },
    ],
    version: before.version + 1n,
  });

export type Act = (dossier: Dossier, world: World, now: number) => PlatformDecision;

/** Lets the platform act on a scenario's dossier at its time, keeps the change, and returns the events. */
export function platformActs(scenario: Scenario, act: Act): CaseworkEvent[] {
  const before = scenario.dossier;
  const { decision } = act(before, scenario.world, scenario.now);
  if (!decision) return [];
  take(scenario, before, decision);
  return [...decision.events];
}

function take({ world, tasks, events }: Scenario, before: Dossier, decision: Decision): void {
  for (const task of decision.change.tasks) tasks.set(task.number, task);
  world.dossiers.set(before.id, decision.change.dossier);
  events.push(...decision.events);
  if (decision.events.length > 0) checkDecision(decision, before, tasks);
}

/** The last part of each event's type. */
export const names = (events: readonly CaseworkEvent[]): string[] =>
  events.map(({ type }) => type.slice(type.lastIndexOf('.') + 1));
