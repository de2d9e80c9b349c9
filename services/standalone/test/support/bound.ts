import type { RpcService, Service } from '@lienthong/kit';

export type BoundService = ReturnType<RpcService['bind']>;

/** The same services. What the server gets of them is added to `bound` when they start. */
export function noteBound(services: readonly Service[], bound: BoundService[]): Service[] {
  const noting = (rpc: RpcService): RpcService => ({
    ...rpc,
    bind(options) {
      const one = rpc.bind(options);
      bound.push(one);
      return one;
    },
  });
  return services.map((service) => ({
    ...service,
    async compose(ctx) {
      const { operations, ...composed } = await service.compose(ctx);
      return {
        ...composed,
        rpc: composed.rpc.map(noting),
        ...(operations && {
          operations: {
            ...operations,
            serve: (parts: readonly unknown[]) => noting(operations.serve(parts)),
          },
        }),
      };
    },
  }));
}
