import type { AgencyClient } from '@lienthong/client';
import type { Clock, Logger } from '@lienthong/kit';

/** A document system of an agency, which exchanges packages through this gateway. */
export interface System {
  /** Names its ids of documents; never changes. At most 50 characters. */
  name: string;
  /** The agency for which it sends and receives. */
  agencyId: string;
  /** Has `in`, `work`, `done`, `failed`, `out` and `state`. */
  folder: string;
}

export interface SystemDeps {
  system: System;
  /** Calls for the system's agency. */
  client: AgencyClient;
  clock: Clock;
  log: Logger;
}
