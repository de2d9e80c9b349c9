import type { Calls } from '@lienthong/contracts/json';

/** A request: what is left out is empty. */
export type Sent<T> = T extends readonly (infer U)[]
  ? readonly Sent<U>[]
  : T extends object
    ? { [K in keyof T]?: Sent<T[K]> }
    : T;
export type Method = keyof Calls;
export type Request<M extends Method> = Sent<Calls[M]['request']>;
export type Reply<M extends Method> = Calls[M]['reply'];

/** A call with what it asks for. */
export type Call = { [M in Method]: readonly [method: M, request: Request<M>] }[Method];
