import type pg from 'pg';
import { observeGauges } from '../telemetry/observe.ts';

/** Measures the connections of a pool and the requests that wait for one. Returns a function that stops it. */
export function observePool(name: string, pool: pg.Pool): () => void {
  const attributes = { 'db.client.connection.pool.name': name };
  const state = (of: string) => ({ ...attributes, 'db.client.connection.state': of });
  return observeGauges(
    'lienthong.postgres',
    {
      'db.client.connection.count': { unit: '{connection}', description: 'Open connections by state' },
      'db.client.connection.max': { unit: '{connection}', description: 'Connections the pool may open' },
      'db.client.connection.pending_requests': {
        unit: '{request}',
        description: 'Requests that wait for a connection',
      },
    },
    (report) => {
      report('db.client.connection.count', pool.idleCount, state('idle'));
      report('db.client.connection.count', pool.totalCount - pool.idleCount, state('used'));
      report('db.client.connection.max', pool.options.max, attributes);
      report('db.client.connection.pending_requests', pool.waitingCount, attributes);
    },
  );
}
