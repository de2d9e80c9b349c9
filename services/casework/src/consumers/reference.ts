import { RecomputeCause } from '@lienthong/contracts/casework';
import type { Agency } from '@lienthong/contracts/directory';
import { vietnamDate } from '@lienthong/kit';
import { type AgencyCache, agenciesConsumer, calendarYearsConsumer, nameAt } from '@lienthong/reference-data';
import { addRecomputations } from '../store/recomputations.ts';

// A recomputation is recorded in the transaction that changes the copy, so that the worker finds the new calendar.

/** Keeps the copy of the decided years; after each decision open deadlines are computed again. */
export const decidedYearsConsumer: typeof calendarYearsConsumer = {
  ...calendarYearsConsumer,
  async handle(tx, events) {
    await calendarYearsConsumer.handle(tx, events);
    addRecomputations(
      tx,
      events.flatMap(({ payload: { year } }) =>
        year
          ? {
              cause: RecomputeCause.CALENDAR,
              reason: withBasis(`Lịch làm việc năm ${year.year}`, year.legalBasis),
              agencyId: null,
            }
          : [],
      ),
    );
  },
};

/** Keeps the copy of the agencies; after a change of office hours the agency's deadlines are computed again. */
export const agenciesWithHoursConsumer = (agencies: AgencyCache): typeof agenciesConsumer => ({
  ...agenciesConsumer,
  async handle(tx, events) {
    await agencies.refresh(tx);
    const hours = new Map<string, string>();
    const changed = events.flatMap(({ payload: { agency, legalBasis }, envelope }) => {
      if (!agency) return [];
      const before = hours.get(agency.id) ?? hoursOf(agencies.get(agency.id));
      const after = hoursOf(agency);
      hours.set(agency.id, after ?? '');
      if (before === undefined || before === after) return [];
      const name = nameAt(agency, vietnamDate(envelope.occurredAt));
      return {
        cause: RecomputeCause.OFFICE_HOURS,
        reason: withBasis(`Giờ làm việc của ${name} thay đổi`, legalBasis),
        agencyId: agency.id,
      };
    });
    await agenciesConsumer.handle(tx, events);
    addRecomputations(tx, changed);
  },
});

/** Undefined for an unknown agency, which has no work yet. */
const hoursOf = (agency: Agency | undefined): string | undefined =>
  agency && JSON.stringify(agency.officeHours);

const withBasis = (what: string, legalBasis: string): string =>
  legalBasis === '' ? what : `${what} (${legalBasis})`;
