export { toAct } from './act.ts';
export type { Call, CommandBus } from './command/bus.ts';
export { ImmutableMap } from './command/immutable-map.ts';
export { commandWith, mutationWith } from './command/method.ts';
export type { CommandModel, Decision } from './command/model.ts';
export { carryOutOnce, type OnceCall } from './command/once.ts';
export { resealReplies } from './command/reseal-replies.ts';
export { type CommitBuffer, createCommitBuffer } from './commit-buffer.ts';
export type { Consumer, ConsumerOptions, RawConsumerOptions } from './consume/consumer.ts';
export type { RawEvent } from './consume/raw-event.ts';
export {
  type Actor,
  type Envelope,
  type EventPayload,
  type EventSource,
  type EventType,
  type NewEvent,
  type NewEventOf,
  type ReceivedEvent,
  ReceivedEventOf,
  type RecordedEvent,
} from './event.ts';
export { createEventLog, type EventLog, type EventLogOptions, eventLogMigrations } from './event-log.ts';
export { type LeaderOptions, leaderWorker } from './leader.ts';
export { type ConsumerPosition, isNeeded, type SourcePlan } from './restore/plan.ts';
export { planReconciliation, reconcile } from './restore/reconcile.ts';
export type { ReconcileDeps, ServiceDatabase } from './restore/source-log.ts';
export { isNoteRefused, type Note } from './wire/note.ts';
export {
  leafPermissions,
  type NatsPermissions,
  servicePermissions,
  sliceReaderPermissions,
} from './wire/permissions.ts';
export { type LeafStream, leafStream, type SliceEvent } from './wire/slice.ts';
export { streamName } from './wire/stream.ts';
