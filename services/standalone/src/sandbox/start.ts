import type { AgencyClient } from '@lienthong/client';
import { createLog } from '@lienthong/kit';
import type { StandaloneSettings } from '../config.ts';
import type { Platform } from '../platform.ts';
import type { SandboxClock } from './clock.ts';
import { openSandboxControl } from './control.ts';
import { playCounterparts } from './counterparts.ts';

export interface Sandbox {
  url: string;
  counterparts: readonly { code: string; does: string }[];
  stop(): Promise<void>;
}

/** Plays the agencies that answer by themselves on a running platform with the sample data, and opens the control. */
export async function startSandbox(
  { connect }: Pick<Platform, 'connect'>,
  admin: AgencyClient,
  clock: SandboxClock,
  { SANDBOX_LISTEN, LOG_LEVEL }: StandaloneSettings,
): Promise<Sandbox> {
  const log = createLog('sandbox', LOG_LEVEL);
  const counterparts = await playCounterparts(admin, { clock, log, connect });
  try {
    const control = await openSandboxControl(SANDBOX_LISTEN, { clock, counterparts });
    return {
      url: control.url,
      counterparts: counterparts.list,
      async stop() {
        await control.stop();
        await counterparts.stop();
      },
    };
  } catch (error) {
    await counterparts.stop();
    throw error;
  }
}
