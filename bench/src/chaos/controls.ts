/** A build that is broken on purpose: one exact text of one source file, and what stands in its place. */
export interface Control {
  /** From the root of the sources. */
  file: string;
  text: string;
  replacement: string;
}

/** What the checker must find when it is broken: each takes away what one promise stands on. */
export const CONTROLS = {
  /** No request finds its reply again, so a retry is carried out a second time. */
  idempotency: {
    file: 'packages/eventlog/src/command/requests.ts',
    text: 'select request_id, caller, method, request_hash, substring($7::bytea',
    replacement: 'select gen_random_uuid(), caller, method, request_hash, substring($7::bytea',
  },
  /** The stream takes an event at any place: from a relay that was replaced while it was paused as well. */
  fence: {
    file: 'packages/eventlog/src/wire/message.ts',
    text: 'headerText(event.position - 1, values)',
    replacement:
      "headerText(event.position - 1, values).replace(/Nats-Expected-Last-Sequence: .*\\r\\n/, '')",
  },
  /** A consumer that was replaced while it was paused applies its batch although another one has applied it. */
  cursor: {
    file: 'packages/eventlog/src/consume/cursor.ts',
    text: "'select move_cursor($1, $2, $3, $4)'",
    replacement:
      "'update consumer_cursor set position = greatest(position, $4::bigint) where name = $1 and source = $2 and $3::bigint >= 0'",
  },
  /** Transactions lock several dossiers in any order, and wait for each other until PostgreSQL ends one. */
  'lock-order': {
    file: 'services/casework/src/store/dossiers.ts',
    text: "where id = any($1::uuid[]) order by id for update'",
    replacement: "where id = any($1::uuid[]) order by random() for update'",
  },
  /** Events of one transaction stand in the log in the opposite order. */
  position: {
    file: 'packages/eventlog/src/append.ts',
    text: 'const events = traced.map((event) => toLoggedEvent(root, event));',
    replacement: 'const events = traced.map((event) => toLoggedEvent(root, event)).toReversed();',
  },
  /** A commit is acknowledged before it is on the disk. */
  durability: {
    file: 'packages/kit/src/postgres/database.ts',
    text: 'if (lazy) within(LAZY, false);',
    replacement: 'within(LAZY, false);',
  },
  /** An event that cannot be applied is passed over. */
  parking: {
    file: 'packages/eventlog/src/consume/consumer.ts',
    text: 'async (tx) => park(tx, key, [event], (error as Error).message)',
    replacement: 'async () => {}',
  },
} as const satisfies Record<string, Control>;

export type ControlName = keyof typeof CONTROLS;
export const CONTROL_NAMES = Object.keys(CONTROLS) as ControlName[];

/**
 * The source with the control's text replaced.
 * @throws when the text is not there exactly once: the control would be silent
 */
export function applyControl({ file, text, replacement }: Control, source: string): string {
  const parts = source.split(text);
  if (parts.length !== 2)
    throw new Error(
      `${file} has ${parts.length - 1} times, not once: ${text}; mend bench/src/chaos/controls.ts`,
    );
  return parts.join(replacement);
}
