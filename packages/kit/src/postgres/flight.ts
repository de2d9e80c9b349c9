/**
 * The only file that uses inner parts of pg: the methods by which a client sends a query and hands it the server's
 * messages. What this brings, and the way back: docs/adr/0015-inner-parts-of-pg-and-nats.md.
 */
import pg from 'pg';

/** A statement of a flight. */
export interface Leg {
  config: pg.QueryConfig;
  /** False for a statement whose rows nobody reads: the server then does not describe them. */
  rows: boolean;
  settle: (error: Error | null, result?: pg.QueryResult) => void;
}

/** What pg's Query has besides its published type. The client calls it for the query whose turn it is. */
interface QueryParts {
  name: string | undefined;
  text: string;
  _result: RowShape & { _types: unknown };
  _accumulateRows: unknown;
  prepare(wire: Wire): void;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, wire: Wire): void;
  handleEmptyQuery(wire: Wire): void;
  handleError(error: Error, wire: Wire): void;
  handleReadyForQuery(wire: Wire): void;
}

/** How the rows of a prepared statement are read: what pg makes of the server's description of them. */
interface RowShape {
  fields: unknown;
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
}

/** A connection as queries use it. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
  describe(message: unknown): void;
  sync(): void;
}

const Query = pg.Query as unknown as new (
  text: string,
  values?: unknown[],
  callback?: Leg['settle'],
) => QueryParts;

/**
 * By the names of a connection's prepared statements. The server describes a statement once: it refuses to run one whose
 * rows would have become others.
 */
const shapes = new WeakMap<object, Map<string, RowShape>>();

/**
 * Sends statements to PostgreSQL in one packet; their replies come back in one. pg by itself ends every statement with
 * a Sync, at which the server sends what it has: a system call and a wake-up on either side for each. After a
 * statement that fails, the server skips the rest of the flight, which fails with the same error.
 *
 * Source: PostgreSQL's documentation, "Message Flow: Pipelining".
 * @param types how values of rows are read
 */
export function sendFlight(client: pg.ClientBase, legs: readonly Leg[], types: unknown): void {
  client.query(new Flight(legs, types) as unknown as pg.Query);
}

class Flight extends Query {
  readonly #legs: readonly { query: QueryParts; rows: boolean }[];
  /** Names of the statements that this flight prepares. */
  readonly #prepares = new Set<string>();
  /** The statement whose reply comes next. */
  #at = 0;
  #shapes: Map<string, RowShape> | undefined;
  /** Why the last statements were not sent: a value that cannot be encoded. */
  #cut: Error | undefined;
  /** The name of the statement that could not be sent. */
  #closed: string | undefined;

  constructor(legs: readonly Leg[], types: unknown) {
    super('');
    this.#legs = legs.map(({ config, rows, settle }) => {
      const query = new Query(config.text, config.values, (error, result) => {
        if (error) this.#cut ??= error;
        settle(error, result);
      });
      query.name = config.name;
      query._result._types = types;
      return { query, rows };
    });
    this.#introduce();
  }

  submit(wire: Wire): null {
    const silent: Wire = Object.assign(Object.create(wire), { sync: () => {} });
    const terse: Wire = Object.assign(Object.create(silent), { describe: () => {} });
    this.#shapes = shapesOf(wire);
    wire.stream.cork();
    try {
      for (const { query, rows } of this.#legs) {
        const { name, text } = query;
        const known = name === undefined ? text : textOf(wire, name);
        if (known !== undefined && known !== text) {
          query.handleError(new Error(`two statements have the name ${name}: ${known} and ${text}`), wire);
          break;
        }
        const shape = known === undefined ? undefined : this.#shapes.get(name as string);
        if (rows && shape) expectRows(query, shape);
        query.prepare(rows && !shape ? silent : terse);
        if (this.#cut) {
          // pg has sent a Close for it.
          this.#closed = name;
          break;
        }
        if (known === undefined) this.#prepares.add(name as string);
      }
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  override handleRowDescription(message: unknown): void {
    const { query } = this.#leg;
    query.handleRowDescription(message);
    const { fields, _parsers, _prebuiltEmptyResultObject } = query._result;
    if (query.name !== undefined)
      this.#shapes?.set(query.name, { fields, _parsers, _prebuiltEmptyResultObject });
  }

  override handleDataRow(message: unknown): void {
    const { query, rows } = this.#leg;
    if (rows) query.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, wire: Wire): void {
    const { query } = this.#leg;
    query.handleCommandComplete(message, wire);
    this.#land(query, wire);
  }

  override handleEmptyQuery(wire: Wire): void {
    this.#land(this.#leg.query, wire);
  }

  override handleError(error: Error, wire: Wire): void {
    for (const { query } of this.#legs.slice(this.#at)) {
      // What the server skipped is not prepared either.
      if (query.name !== undefined && this.#prepares.has(query.name))
        delete wire.submittedNamedStatements[query.name];
      query.handleError(error, wire);
    }
    this.#at = this.#legs.length;
  }

  override handleReadyForQuery(wire: Wire): void {
    if (this.#closed !== undefined) {
      delete wire.parsedStatements[this.#closed];
      delete wire.submittedNamedStatements[this.#closed];
    }
    if (this.#cut) this.handleError(this.#cut, wire);
  }

  get #leg() {
    return this.#legs[this.#at] as { query: QueryParts; rows: boolean };
  }

  #land(query: QueryParts, wire: Wire): void {
    this.#at += 1;
    this.#introduce();
    query.handleReadyForQuery(wire);
  }

  /** The client records a prepared statement under the name and text of the query whose turn it is. */
  #introduce(): void {
    this.name = this.#legs[this.#at]?.query.name;
    this.text = this.#legs[this.#at]?.query.text ?? '';
  }
}

const textOf = ({ parsedStatements, submittedNamedStatements }: Wire, name: string): string | undefined =>
  parsedStatements[name] ?? submittedNamedStatements[name];

function shapesOf(wire: Wire): Map<string, RowShape> {
  const known = shapes.get(wire);
  if (known) return known;
  const none = new Map<string, RowShape>();
  shapes.set(wire, none);
  return none;
}

/** Does what the description of its rows would do. */
function expectRows(query: QueryParts, shape: RowShape): void {
  Object.assign(query._result, shape);
  query._accumulateRows = true;
}
