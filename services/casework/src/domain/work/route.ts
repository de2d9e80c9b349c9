/** The agencies that a hand-over passes. */
import { type AgencyRegister, chainUp, currentHolder } from '@lienthong/reference-data';

/**
 * The agencies from one to another, the destination last: step by step through the tiers where one is above the other,
 * else directly (NĐ 61/2018/NĐ-CP). Empty when they are the same.
 */
export function routeTo(agencies: AgencyRegister, fromId: string, toId: string, date: string): string[] {
  const up = chainUp(agencies, fromId, toId, date)?.slice(1);
  const down = chainUp(agencies, toId, fromId, date)?.slice(0, -1).reverse();
  return up?.map(({ id }) => id) ?? down?.map(({ id }) => id) ?? [toId];
}

/**
 * What is left of a route that was found at an earlier date: an agency that has ended is replaced by its successor, or
 * left out. Undefined when the destination has ended without a successor.
 */
export function remainingRoute(
  agencies: AgencyRegister,
  atId: string,
  onward: readonly string[],
  date: string,
): string[] | undefined {
  const holders = onward.map((id) => currentHolder(agencies, id, date)?.id);
  if (onward.length > 0 && holders.at(-1) === undefined) return undefined;
  const route: string[] = [];
  for (const id of holders) if (id !== undefined && id !== (route.at(-1) ?? atId)) route.push(id);
  return route;
}
