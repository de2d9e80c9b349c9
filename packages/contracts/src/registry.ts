// Every generated file exports these; one of them must win.

export * from './gen/lienthong/registry/v1/events.ts';
export * from './gen/lienthong/registry/v1/service.ts';
export {
  type DeepPartial,
  type MessageFns,
  protobufFileName,
  protobufPackage,
} from './gen/lienthong/registry/v1/service.ts';
export * from './gen/lienthong/registry/v1/types.ts';
export * from './gen/lienthong/registry/v1/workflow.ts';
