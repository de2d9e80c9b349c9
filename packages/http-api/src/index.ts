export { type FileSize, sendFile } from './forms/download.ts';
export type { Deps, Exchange } from './forms/exchange.ts';
export { requireType } from './http/body.ts';
export { type HttpCaller, metadataOf } from './http/metadata.ts';
export { createCodec, encode } from './json/codec.ts';
export { connectPlatform, type Platform } from './platform.ts';
export { HttpRefusal, type Problem, problemOf, sendProblem } from './problem.ts';
export { contentOf, type Form, type Route, readContracts } from './routes.ts';
export {
  awaitsResponse,
  callerOf,
  requireMethod,
  serveMethod,
  serveUploadAt,
} from './serve-method.ts';
export { createUploadStore, type UploadStore } from './uploads/store.ts';
