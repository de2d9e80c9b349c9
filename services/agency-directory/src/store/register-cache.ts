import { Agency } from '@lienthong/contracts/directory';
import type { Tx } from '@lienthong/kit';
import { Register } from '../domain/register.ts';

/**
 * The committed register, kept in memory and brought up to date under the register's lock. Only records read back from
 * the database ever enter it, so a transaction that rolls back leaves no trace.
 */
export class RegisterCache {
  readonly #register = new Register();
  #change = 0;

  /**
   * Takes the register's lock until the transaction ends and returns a fork with every committed change. Must come
   * before the transaction writes any agency. The second statement sees what was committed while the first waited:
   * in READ COMMITTED each has its own snapshot. Index agency_changed.
   */
  async lock(tx: Tx): Promise<Register> {
    const [locked, newer] = await Promise.all([
      tx.query<{ change: number }>({ name: 'register_lock', text: 'select change from register for update' }),
      tx.query<{ record: Buffer }>({
        name: 'agencies_changed',
        text: 'select record from agency where changed > $1',
        values: [this.#change],
      }),
    ]);
    for (const { record } of newer) this.#register.put(Agency.decode(record));
    this.#change = Math.max(this.#change, locked[0]?.change ?? 0);
    return this.#register.fork();
  }
}
