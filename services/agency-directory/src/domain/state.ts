import type { ImmutableMap } from '@lienthong/eventlog';
import type { VersionedOfficer } from './officers/people.ts';
import type { Register } from './register.ts';

/** The register and the officers that a command needs. */
export interface State {
  register: Register;
  /** By officer id. */
  officers: ImmutableMap<string, VersionedOfficer>;
}
