import type { CallContext, CompatServiceDefinition, ServiceImplementation } from 'nice-grpc';
import type { Policy } from '../auth/policy.ts';
import type { Principal } from '../auth/principal.ts';

/** What a handler knows of its call, beside the request. */
export type CallInfo = CallContext & { principal: Principal };

/** One gRPC service with its handlers and the policy of every method. */
export interface RpcModule {
  definition: CompatServiceDefinition;
  implementation: ServiceImplementation<CompatServiceDefinition, CallInfo>;
  policies: Readonly<Record<string, Policy>>;
  /** Methods whose calls end only when their service is told to end them; a stop waits for the others alone. */
  endless: readonly string[];
}

export function rpcModule<D extends CompatServiceDefinition & { methods: object }>(
  definition: D,
  implementation: ServiceImplementation<D, CallInfo>,
  policies: Record<keyof D['methods'], Policy>,
  endless: readonly (keyof D['methods'] & string)[] = [],
): RpcModule {
  return { definition, implementation: implementation as RpcModule['implementation'], policies, endless };
}
