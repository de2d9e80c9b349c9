import type { ConsumerOptions } from '@lienthong/eventlog';
import { saveProcedures } from '../store/procedures.ts';

const TYPES = [
  'lienthong.registry.v1.ProcedurePublished',
  'lienthong.registry.v1.ProcedureAmended',
  'lienthong.registry.v1.ProcedureRepealed',
  'lienthong.registry.v1.ProcedureSuspended',
  'lienthong.registry.v1.ProcedureResumed',
] as const;

/** Keeps the copy of the procedures: each event carries the whole version of the procedure. */
export const proceduresConsumer: ConsumerOptions<(typeof TYPES)[number]> = {
  name: 'procedures',
  source: 'registry',
  types: TYPES,
  handle(tx, events) {
    saveProcedures(
      tx,
      events.map(({ payload, envelope }) => {
        if (!payload.procedure) throw new Error(`event ${envelope.eventId} carries no procedure`);
        return { procedure: payload.procedure, version: envelope.version };
      }),
    );
  },
};
