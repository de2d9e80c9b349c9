import type { AgencyClient } from '@lienthong/client';
import type { Clock, Logger } from '@lienthong/kit';
import type { EnvelopeFiles, Envelopes } from './envelope/envelopes.ts';
import type { Memory } from './memory.ts';
import type { Transport } from './transport.ts';

/** A document system of an agency, which exchanges packages through this gateway. */
export interface System extends EnvelopeFiles {
  /** Names its ids of documents; never changes. At most 50 characters. */
  name: string;
  /** The agency for which it sends and receives. */
  agencyId: string;
  /** Has `state`, and the folders of its transport. */
  folder: string;
  /** What it sends without a valid signature is refused. */
  signatureRequired: boolean;
}

export interface SystemDeps {
  system: System;
  /** Calls for the system's agency. */
  client: AgencyClient;
  transport: Transport;
  envelopes: Envelopes;
  /** Of all packages in progress. */
  memory: Memory;
  clock: Clock;
  log: Logger;
}
