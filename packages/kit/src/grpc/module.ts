import type { CallContext, CompatServiceDefinition, ServiceImplementation } from 'nice-grpc';
import type { Caller } from '../auth/caller.ts';
import type { Policy } from '../auth/policy.ts';
import { withLenientDecoding } from './decoding.ts';
import type { BoundService, RpcService } from './rpc-service.ts';

/** What a handler knows of its call, beside the request. */
export type CallInfo = CallContext & { principal: Caller };

export function rpcModule<D extends CompatServiceDefinition & { methods: object }>(
  definition: D,
  implementation: ServiceImplementation<D, CallInfo>,
  policies: Record<keyof D['methods'], Policy>,
  endless: readonly (keyof D['methods'] & string)[] = [],
): RpcService {
  const { fullName, methods } = definition as unknown as {
    fullName: string;
    methods: Record<string, { name: string }>;
  };
  const pathOf = (key: string) => `/${fullName}/${methods[key]?.name}`;
  const bound: BoundService = {
    fullName,
    definition: withLenientDecoding(definition) as never,
    implementation: implementation as never,
    policies: new Map(Object.entries(policies).map(([key, policy]) => [pathOf(key), policy as Policy])),
    endless: endless.map(pathOf),
  };
  return { definition: { fullName }, bind: () => bound };
}
