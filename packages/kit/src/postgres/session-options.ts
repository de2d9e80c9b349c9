/**
 * The settings of every connection of a service. No other place changes how PostgreSQL plans a service's statements;
 * what they bring, and the way back: docs/adr/0014-planner-settings.md.
 */
const SETTINGS: readonly string[] = [
  // A connection plans a named statement once and keeps the plan. A plan made while its table is small would scan the
  // table, and still scan it after the table has grown, until the next analyze.
  'enable_seqscan=off',
  // Compiling a plan costs more than any of these statements takes.
  'jit=off',
  // A process that is paused inside a transaction loses it, and with it the locks that others wait for. PostgreSQL
  // counts as idle only when nothing of a flight is on its way, so the whole transaction has a limit as well.
  'idle_in_transaction_session_timeout=15000',
  'transaction_timeout=60000',
];

/** `options` of a connection. The schema comes first on the search path, `public` (extensions) second. */
export const sessionOptions = (schema: string): string =>
  [`search_path=${schema},public`, ...SETTINGS].map((setting) => `-c ${setting}`).join(' ');
