// Every generated file exports the names listed below, so one file is chosen for them.

export * from './gen/lienthong/notification/v1/events.ts';
export * from './gen/lienthong/notification/v1/service.ts';
export {
  type DeepPartial,
  type MessageFns,
  protobufFileName,
  protobufPackage,
} from './gen/lienthong/notification/v1/service.ts';
