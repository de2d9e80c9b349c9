import { leaderWorker, leafStream } from '@lienthong/eventlog';
import { observeGauges, type ServiceContext, type Worker } from '@lienthong/kit';
import type { AgencyCache } from '@lienthong/reference-data';
import type { Hub } from '../live/hub.ts';
import { readSliceConfig } from './config.ts';
import { fillSlice, type SliceStatus } from './fill.ts';

export interface SliceParts {
  hub: Hub;
  agencies: AgencyCache;
  now(): number;
}

/** Sends agencies that have a leaf node the events that concern them. One process of the service does it for all. */
export function composeSlices(ctx: ServiceContext, parts: SliceParts): Worker[] {
  const { db, nats, clock, log, subjectRoot } = ctx;
  const { FEED_SLICES: agencyIds, FEED_SLICE_MIB: mib } = readSliceConfig(ctx.env);
  const statuses = new Map<string, SliceStatus>();
  const fill = leaderWorker({
    db,
    log,
    name: 'slices',
    async lead(_, signal) {
      const running = agencyIds.map((agencyId) => {
        const status: SliceStatus = { behindSince: undefined, halted: '' };
        statuses.set(agencyId, status);
        const stream = leafStream(nats, subjectRoot, agencyId);
        const deps = { ...parts, db, clock, log, stream, agencyId, maxBytes: mib * 1024 * 1024 };
        return fillSlice(deps, status, signal);
      });
      await Promise.all(running).finally(() => statuses.clear());
    },
  });
  let stopObserving = () => {};
  const observe: Worker = {
    name: 'slice metrics',
    async start() {
      stopObserving = observeGauges(
        'lienthong.feed',
        {
          'lienthong.slice.lag': { unit: 's', description: 'How long a leaf node has lacked an event' },
          'lienthong.slice.halted': { unit: '{slice}', description: 'Slices that wait for an operator' },
        },
        (report) => {
          const all = [...statuses.values()];
          const lags = all.map(
            ({ behindSince }) => clock.now().getTime() - (behindSince?.getTime() ?? Infinity),
          );
          report('lienthong.slice.lag', Math.max(0, ...lags) / 1000);
          report('lienthong.slice.halted', all.filter(({ halted }) => halted !== '').length);
        },
      );
    },
    async stop() {
      stopObserving();
    },
  };
  return agencyIds.length > 0 ? [fill, observe] : [observe];
}
