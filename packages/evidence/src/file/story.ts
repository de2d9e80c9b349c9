import { eventToJson, isEventType } from '@lienthong/contracts/events';
import type { LoggedEntry } from '../entry.ts';
import { labels } from './labels.ts';

export interface StoryLine {
  leaf: number;
  occurredAt: string;
  /** In Vietnamese, or the type's name where it has no words. */
  label: string;
  agencyId: string;
  officerId: string;
  /** The event as proto3 JSON; undefined: its content is not shown, or its type is not known here. */
  event: unknown;
}

export interface ShownPaper {
  /** SHA-256 of the file, in hex. */
  sha256: string;
  name: string;
  /** The first leaf that names it. */
  leaf: number;
}

export interface Gap {
  aggregateId: string;
  /** Versions that the file lacks: entries that its holder may not see, or that were left out. */
  versions: readonly number[];
}

/** What happened, in the order of the log. */
export const storyOf = (entries: readonly LoggedEntry[]): StoryLine[] =>
  entries.map((entry) => {
    const { index: leaf, record } = entry;
    const { occurredAt, type, kind, actor } = record;
    const label = (isEventType(type) && labels[type]) || type.slice(type.lastIndexOf('.') + 1);
    return {
      leaf,
      occurredAt,
      label: kind === 'read' ? `Xem: ${label}` : label,
      ...actor,
      event: eventOf(entry),
    };
  });

/** The files that the story names, each once. */
export function papersOf(story: readonly StoryLine[]): ShownPaper[] {
  const papers = new Map<string, ShownPaper>();
  for (const { leaf, event } of story)
    for (const { sha256, name } of digestsIn(event))
      if (!papers.has(sha256)) papers.set(sha256, { sha256, name, leaf });
  return [...papers.values()];
}

/** Versions missing among the events of each aggregate. What is missing after the last one cannot be seen. */
export function gapsOf(entries: readonly LoggedEntry[]): Gap[] {
  const versions = new Map<string, Set<number>>();
  for (const { record } of entries) {
    if (record.kind !== 'event') continue;
    const seen = versions.get(record.aggregateId) ?? new Set();
    versions.set(record.aggregateId, seen.add(record.aggregateVersion));
  }
  return [...versions].flatMap(([aggregateId, seen]) => {
    const missing = Array.from({ length: Math.max(...seen) }, (_, n) => n + 1).filter((n) => !seen.has(n));
    return missing.length > 0 ? [{ aggregateId, versions: missing }] : [];
  });
}

function eventOf({ record: { type }, content }: LoggedEntry): unknown {
  if (!content || !isEventType(type)) return undefined;
  try {
    return eventToJson(type, content.payload);
  } catch {
    // The bytes are proved; a contract that cannot read them adds nothing.
    return undefined;
  }
}

/** Every object with the SHA-256 of a file, at any depth. */
function digestsIn(value: unknown): { sha256: string; name: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { sha256, name } = value as { sha256?: unknown; name?: unknown };
  const own =
    typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)
      ? [{ sha256, name: typeof name === 'string' ? name : '' }]
      : [];
  return [...own, ...Object.values(value).flatMap(digestsIn)];
}
