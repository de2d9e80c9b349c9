import type { CallContext, ServerMiddlewareCall } from 'nice-grpc';
import type { RpcModule } from './module.ts';

const HEALTH_WATCH = '/grpc.health.v1.Health/Watch';

/**
 * Counts running calls but for the endless ones, so that a stop need not wait for clients that do not read: a call whose
 * client has stopped reading cannot tell it anything, not even how it ended.
 */
export function endlessCalls(modules: readonly RpcModule[]) {
  const endless = new Set([HEALTH_WATCH, ...modules.flatMap(pathsOf)]);
  let others = 0;
  const told: (() => void)[] = [];
  return {
    async *middleware<Request, Response>(
      call: ServerMiddlewareCall<Request, Response>,
      context: CallContext,
    ) {
      if (endless.has(call.method.path)) return yield* call.next(call.request, context);
      others += 1;
      try {
        return yield* call.next(call.request, context);
      } finally {
        others -= 1;
        if (others === 0) for (const tell of told.splice(0)) tell();
      }
    },
    /** Resolves once no other call runs. */
    onlyEndless: (): Promise<void> =>
      others === 0 ? Promise.resolve() : new Promise((resolve) => told.push(resolve)),
  };
}

function pathsOf({ definition, endless }: RpcModule): string[] {
  const { fullName, methods } = definition as unknown as {
    fullName: string;
    methods: Record<string, { name: string }>;
  };
  return endless.map((key) => `/${fullName}/${methods[key]?.name}`);
}
