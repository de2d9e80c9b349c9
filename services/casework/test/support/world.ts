import type { Procedure } from '@lienthong/contracts/registry';
import type { NewEvent } from '@lienthong/eventlog';
import { uuidv7 } from '@lienthong/kit';
import { type TestWorld, type TestWorldOptions, testWorld } from '@lienthong/testkit';
import { casework } from '../../src/service.ts';

export type World = Omit<TestWorld, 'publish'> & {
  /** Publishes versions of procedures with their present state; resolves when the service has copied them. */
  publish(...procedures: Procedure[]): Promise<void>;
};

/** Timers would interfere with tests of other behaviour, so they are off unless `env` sets them. */
const QUIET = { CASEWORK_TIMER_CHECK_MS: '3600000' };
export const SEALING_KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`;

/** The real service with event logs of a directory and a registry beside it. */
export async function openWorld({ env, ...options }: TestWorldOptions = {}): Promise<World> {
  const sources = ['directory', 'registry'] as const;
  const world = await testWorld(casework, {
    ...options,
    sources,
    env: { ...QUIET, LIENTHONG_SEALING_KEYS: SEALING_KEYS, ...env },
  });
  const { publish } = world;
  const codes = new Map<string, { id: string; version: number }>();

  /** Each procedure code is one aggregate, whose events are numbered. */
  function published(procedure: Procedure): NewEvent {
    const { id, version } = codes.get(procedure.code) ?? { id: uuidv7(), version: 0 };
    codes.set(procedure.code, { id, version: version + 1 });
    return {
      type: 'lienthong.registry.v1.ProcedurePublished',
      payload: { procedure },
      aggregateId: id,
      version: version + 1,
      agencyCode: '',
      agencyId: '',
    };
  }

  return Object.assign(world, {
    async publish(...procedures: Procedure[]) {
      const events = procedures.map(published);
      await publish(...events);
      const versions = procedures.map(({ id }, i) => [id, events[i]?.version ?? 0] as const);
      await world.copied('procedure', new Map(versions));
    },
  });
}
