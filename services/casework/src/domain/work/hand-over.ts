import { type AgencyRegister, chainUp, currentHolder } from '@lienthong/reference-data';

/**
 * The agencies a dossier passes on its way from one agency to another, the destination last: step by step through the
 * tiers where one is above the other, else directly (NĐ 61/2018/NĐ-CP). Empty when it is there already.
 */
export function wayTo(agencies: AgencyRegister, fromId: string, toId: string, date: string): string[] {
  const up = chainUp(agencies, fromId, toId, date)?.slice(1);
  const down = chainUp(agencies, toId, fromId, date)?.slice(0, -1).reverse();
  return up?.map(({ id }) => id) ?? down?.map(({ id }) => id) ?? [toId];
}

/**
 * What is left of a way that was found at an earlier date: agencies that have ended are passed by, or their successors
 * take their place. Undefined when nobody is left in place of the destination.
 */
export function wayOn(
  agencies: AgencyRegister,
  atId: string,
  onward: readonly string[],
  date: string,
): string[] | undefined {
  const now = onward.map((id) => currentHolder(agencies, id, date)?.id);
  if (onward.length > 0 && now.at(-1) === undefined) return undefined;
  const way: string[] = [];
  for (const id of now) if (id !== undefined && id !== (way.at(-1) ?? atId)) way.push(id);
  return way;
}
