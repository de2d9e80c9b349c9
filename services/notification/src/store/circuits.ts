import type { Reader, Tx } from '@lienthong/kit';
import type { Circuit } from '../domain/circuit.ts';
import type { KnownChannel } from '../domain/topics.ts';

interface CircuitRow {
  channel: KnownChannel;
  failures: number;
  open_until: Date | null;
  probing_until: Date | null;
  allowance: number | null;
}

const COLUMNS = 'channel, failures, open_until, probing_until, allowance';

const toCircuit = (row: CircuitRow): Circuit => ({
  failures: row.failures,
  openUntil: row.open_until,
  probingUntil: row.probing_until,
  allowance: row.allowance,
});

/** Locks a channel's row: until the transaction ends no other sender claims messages of the channel. */
export async function lockCircuit(tx: Tx, channel: KnownChannel): Promise<Circuit> {
  const [row] = await tx.query<CircuitRow>({
    name: 'lock_circuit',
    text: `select ${COLUMNS} from circuit where channel = $1 for update`,
    values: [channel],
  });
  if (row === undefined) throw new Error(`there is no circuit for channel ${channel}`);
  return toCircuit(row);
}

export async function readCircuits(reader: Reader): Promise<Map<KnownChannel, Circuit>> {
  const rows = await reader.query<CircuitRow>({
    name: 'read_circuits',
    text: `select ${COLUMNS} from circuit`,
  });
  return new Map(rows.map((row) => [row.channel, toCircuit(row)]));
}

export function saveCircuit(tx: Tx, channel: KnownChannel, circuit: Circuit): void {
  tx.send({
    name: 'save_circuit',
    text: 'update circuit set failures = $2, open_until = $3, probing_until = $4, allowance = $5 where channel = $1',
    values: [
      channel,
      circuit.failures,
      circuit.openUntil?.toISOString() ?? null,
      circuit.probingUntil?.toISOString() ?? null,
      circuit.allowance,
    ],
  });
}
