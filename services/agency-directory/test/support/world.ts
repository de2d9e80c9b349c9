import { testWorld } from '@lienthong/testkit';
import { agencyDirectory } from '../../src/service.ts';

/** The real service; 23:30 UTC on the 14th is already 15 January 2026 in Vietnam. */
export const openWorld = (processes = 1) =>
  testWorld(agencyDirectory, { at: '2026-01-14T23:30:00Z', processes });
