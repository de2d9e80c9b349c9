import { DocumentOperationsServiceDefinition } from '@lienthong/contracts/routing';
import { z } from 'zod';
import { endedWithoutSuccessor } from '../domain/reroute.ts';
import { countOpenDeliveries } from '../store/stranded.ts';
import { OPERATORS, query } from './deps.ts';

const MOST = 200;

export const listStrandedDeliveries = query(
  DocumentOperationsServiceDefinition.methods.listStrandedDeliveries,
  {
    policy: OPERATORS,
    request: z.object({}),
    async handle(_, { today }, { db, agencies }) {
      await agencies.refresh(db);
      const found = await countOpenDeliveries(db, endedWithoutSuccessor(agencies, today), MOST);
      return { agencies: found.map((one) => ({ ...one, deliveries: BigInt(one.deliveries) })) };
    },
  },
);
