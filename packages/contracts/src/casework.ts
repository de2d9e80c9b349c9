// Every generated file exports the names listed below, so one file is chosen for them.

export * from './gen/lienthong/casework/v1/drafts.ts';
export * from './gen/lienthong/casework/v1/events.ts';
export * from './gen/lienthong/casework/v1/files.ts';
export * from './gen/lienthong/casework/v1/import.ts';
export * from './gen/lienthong/casework/v1/operations.ts';
export * from './gen/lienthong/casework/v1/payments.ts';
export * from './gen/lienthong/casework/v1/service.ts';
export {
  type DeepPartial,
  type MessageFns,
  protobufFileName,
  protobufPackage,
} from './gen/lienthong/casework/v1/service.ts';
export * from './gen/lienthong/casework/v1/types.ts';
