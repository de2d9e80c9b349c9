import { z } from 'zod';

/** A count or index as the contract has it, as a number. */
export const wholeNumber = z
  .bigint()
  .min(0n, 'must not be negative')
  .max(BigInt(Number.MAX_SAFE_INTEGER), 'must be below 2^53')
  .transform(Number);
