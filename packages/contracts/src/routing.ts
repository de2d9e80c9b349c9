// Every generated file exports the names listed below, so one file is chosen for them.

export * from './gen/lienthong/routing/v1/events.ts';
export * from './gen/lienthong/routing/v1/exchange.ts';
export * from './gen/lienthong/routing/v1/service.ts';
export {
  type DeepPartial,
  type MessageFns,
  protobufFileName,
  protobufPackage,
} from './gen/lienthong/routing/v1/service.ts';
export * from './gen/lienthong/routing/v1/types.ts';
