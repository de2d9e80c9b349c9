/** Types of messages as proto3 JSON, for callers of the API over HTTP; no code. */
export type * from './gen/json.ts';
