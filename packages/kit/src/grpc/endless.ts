import type { CallContext, ServerMiddlewareCall } from 'nice-grpc';

const HEALTH_WATCH = '/grpc.health.v1.Health/Watch';

/**
 * Counts running calls but for the endless ones, so that a stop need not wait for clients that do not read: a call whose
 * client has stopped reading cannot send it anything, not even how it ended.
 */
export function endlessCalls(paths: readonly string[]) {
  const endless = new Set([HEALTH_WATCH, ...paths]);
  let others = 0;
  const waiting: (() => void)[] = [];
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
        if (others === 0) for (const resolve of waiting.splice(0)) resolve();
      }
    },
    /** Resolves once no other call runs. */
    onlyEndless: (): Promise<void> =>
      others === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  };
}
