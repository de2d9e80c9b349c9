import type { SetNumberSeriesResponse } from '@lienthong/contracts/routing';
import { failure, type Refusal, type Result, success } from '@lienthong/kit';
import { actingAgency, codeAt } from '@lienthong/reference-data';
import type { RoutingDecision } from './change.ts';
import { type RoutingState, seriesOf } from './state.ts';

export interface SetSeriesCommand {
  kind: 'set-series';
  /** The issuer of the series. */
  callerId: string;
  officerId: string;
  now: Date;
  /** The date of `now` in Vietnam. */
  today: string;
  year: number;
  notation: string;
  nextNumber: number;
  reason: string;
}

/**
 * An officer sets the number that a series draws next: forward, or back to one after the last drawn.
 * Refuses: NUMBER_ALREADY_DRAWN, and what `actingAgency` refuses.
 */
export function decideSetSeries(
  command: SetSeriesCommand,
  state: RoutingState,
): Result<RoutingDecision<SetNumberSeriesResponse>> {
  const { callerId, now, today, year, notation, nextNumber, reason } = command;
  const issuer = actingAgency(state.agencies, command.callerId, command.today);
  if (!issuer.ok) return issuer;
  const series = { issuerId: callerId, year, notation };
  const before = seriesOf(state, series);
  if (nextNumber <= before.lastDrawn) return failure(alreadyDrawn(before.lastDrawn));
  const record = { ...before, next: nextNumber, version: before.version + 1 };
  return success({
    events: [
      {
        type: 'lienthong.routing.v1.NumberSeriesSet',
        payload: {
          ...series,
          nextNumber: BigInt(nextNumber),
          previousNextNumber: BigInt(before.next),
          reason,
          at: now,
        },
        aggregateId: record.id,
        version: record.version,
        agencyCode: codeAt(issuer.value, today),
        agencyId: callerId,
      },
    ],
    reply: { previousNextNumber: BigInt(before.next) },
    change: { series: { series, record }, updated: [], history: [] },
  });
}

const alreadyDrawn = (lastDrawn: number): Refusal => ({
  kind: 'failed-precondition',
  reason: 'NUMBER_ALREADY_DRAWN',
  message: `the series has drawn numbers up to ${lastDrawn}; give ${lastDrawn + 1} or higher`,
  violations: [
    {
      field: 'next_number',
      reason: 'NUMBER_ALREADY_DRAWN',
      description: `must be higher than ${lastDrawn}, the last number drawn`,
    },
  ],
});
