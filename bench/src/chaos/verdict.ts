/** What a difference says: acknowledged and gone, there twice, in another order, or not at its end within the bound. */
export const KINDS = ['lost', 'doubled', 'disordered', 'stuck'] as const;
export type Kind = (typeof KINDS)[number];

export type Note = (kind: Kind, difference: string) => void;

export interface Verdict extends Record<Kind, number> {
  differences: string[];
}

/** An empty verdict, and what adds to it. */
export function openVerdict(): { verdict: Verdict; note: Note } {
  const verdict: Verdict = { lost: 0, doubled: 0, disordered: 0, stuck: 0, differences: [] };
  return {
    verdict,
    note: (kind, difference) => {
      verdict[kind] += 1;
      verdict.differences.push(`${kind}: ${difference}`);
    },
  };
}
