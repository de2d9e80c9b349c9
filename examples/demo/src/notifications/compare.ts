/** An event as an agency received it. */
export interface ReceivedEvent {
  id: string;
  type: string;
  /** "dossier/<id>". */
  subject: string;
  /** 1, 2, 3 … per subject. */
  sequence: number;
}

const MAX_LINES = 5;

/** Compares both as multisets and describes the first differences. */
export function compareAll(what: string, is: Iterable<string>, should: Iterable<string>): string[] {
  const left = countOf(should);
  for (const [one, count] of countOf(is)) left.set(one, (left.get(one) ?? 0) - count);
  const wrong = [...left].filter(([, count]) => count !== 0);
  const lines = wrong
    .slice(0, MAX_LINES)
    .map(([one, count]) =>
      count > 0
        ? `${what}: ${one} is missing ${times(count)}`
        : `${what}: ${one} came ${times(-count)} too many`,
    );
  return wrong.length > MAX_LINES ? [...lines, `${what}: and ${wrong.length - MAX_LINES} more`] : lines;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

const countOf = (all: Iterable<string>): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
};

const name = ({ id, type, subject, sequence }: ReceivedEvent): string =>
  `${type} ${subject} ${sequence} (${id})`;

/** Compares a stream with the pages of the same feed: the same events, each once, in the same order. */
export function compareStream(
  what: string,
  is: readonly ReceivedEvent[],
  should: readonly ReceivedEvent[],
): string[] {
  const differences = compareAll(what, is.map(name), should.map(name));
  if (differences.length > 0) return differences;
  const at = is.findIndex((one, i) => one.id !== should[i]?.id);
  return at < 0
    ? []
    : [`${what}: ${name(is[at] as ReceivedEvent)} came in place of ${name(should[at] as ReceivedEvent)}`];
}

/** Compares webhook deliveries with the pages of the same feed: each event once, in the order of its subject. */
export function compareDeliveries(
  what: string,
  is: readonly ReceivedEvent[],
  should: readonly ReceivedEvent[],
): string[] {
  const differences = compareAll(what, is.map(name), should.map(name));
  const last = new Map<string, ReceivedEvent>();
  for (const one of is) {
    const before = last.get(one.subject);
    if (before && before.sequence >= one.sequence)
      differences.push(`${what}: ${name(one)} came after ${before.sequence}`);
    last.set(one.subject, one);
  }
  return differences;
}
