import { DocumentOperationsServiceDefinition } from '@lienthong/contracts/routing';
import { field, manyOf } from '@lienthong/kit';
import { z } from 'zod';
import { countOpenDeliveries as readOpenDeliveries } from '../store/stranded.ts';
import { OPERATORS, query } from './deps.ts';

const MOST = 200;

export const countOpenDeliveries = query(DocumentOperationsServiceDefinition.methods.countOpenDeliveries, {
  policy: OPERATORS,
  request: z.object({ agencyIds: manyOf(field.uuid, MOST) }),
  async handle({ agencyIds }, _, { db }) {
    const found = await readOpenDeliveries(db, agencyIds, MOST);
    return { agencies: found.map((one) => ({ ...one, deliveries: BigInt(one.deliveries) })) };
  },
});
