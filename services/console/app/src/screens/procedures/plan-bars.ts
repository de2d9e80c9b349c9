import type { registry } from '@lienthong/contracts/json';

/** A step of a plan with its bar, in thousandths of the whole time. */
export interface PlanBar {
  step: registry.PlannedStep;
  from: number;
  length: number;
}

export interface Plan {
  bars: PlanBar[];
  /** Where the legal deadline is. */
  deadline: number | undefined;
}

const momentOf = (text: string | undefined): number[] => (text === undefined ? [] : [Date.parse(text)]);

/** The steps of a simulation on one line of time, from the first one's beginning to the last end or the deadline. */
export function planBars({
  steps,
  legalDeadline,
}: Pick<registry.SimulateProcedureResponse, 'steps' | 'legalDeadline'>): Plan {
  const moments = steps.flatMap(({ startsAt, endsAt }) => [...momentOf(startsAt), ...momentOf(endsAt)]);
  const [due] = momentOf(legalDeadline);
  const begin = Math.min(...moments);
  const end = Math.max(...moments, due ?? Number.NEGATIVE_INFINITY);
  const place = (moment: number) => ((moment - begin) / Math.max(1, end - begin)) * 1_000;
  return {
    bars: steps.flatMap((step) => {
      const [from] = momentOf(step.startsAt);
      const [to] = momentOf(step.endsAt);
      return from === undefined || to === undefined
        ? []
        : [{ step, from: place(from), length: place(to) - place(from) }];
    }),
    deadline: due === undefined || moments.length === 0 ? undefined : place(due),
  };
}
