// Every generated file exports these; one of them must win.

export * from './gen/lienthong/feed/v1/events.ts';
export * from './gen/lienthong/feed/v1/service.ts';
export {
  type DeepPartial,
  type MessageFns,
  protobufFileName,
  protobufPackage,
} from './gen/lienthong/feed/v1/service.ts';
