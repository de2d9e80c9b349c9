import { setTimeout as wait } from 'node:timers/promises';
import type { AgencyClient } from '@lienthong/client';
import { type Caller, type Clock, type Logger, vietnamDate } from '@lienthong/kit';
import { PROVINCE_CODE, resolve } from '@lienthong/sample-data';
import { createPlayer, type Player } from './player.ts';
import { COUNTERPARTS } from './script.ts';

export interface CounterpartDeps {
  clock: Clock;
  log: Logger;
  connect(caller: Caller): AgencyClient;
}

export interface RunningCounterparts {
  /** Codes of the agencies that take part, with what they do. */
  list: readonly { code: string; does: string }[];
  /** One of them issues a document to an agency; resolves to the document's id. */
  send(to: string): Promise<string>;
  stop(): Promise<void>;
}

/** How often the clock is looked at, which may have been moved. */
const CHECK_MS = 200;

/**
 * Plays the agencies that answer by themselves, over gRPC as their systems would.
 * @param admin finds the agencies; the caller closes it
 */
export async function playCounterparts(
  admin: AgencyClient,
  { clock, log, connect }: CounterpartDeps,
): Promise<RunningCounterparts> {
  const today = vietnamDate(clock.now());
  const stopping = new AbortController();
  const { signal } = stopping;
  const clients: AgencyClient[] = [];
  const players: { code: string; does: string; player: Player }[] = [];
  for (const script of COUNTERPARTS) {
    const code = `${PROVINCE_CODE}.${script.suffix}`;
    const agencyId = await resolve(admin, code, today);
    if (agencyId === undefined) continue;
    const client = connect({ agencyId, officerId: 'mo-phong', roles: ['system'] });
    clients.push(client);
    const player = createPlayer(script, { client, clock, log: log.child({ agency: code }), signal });
    players.push({ code, does: script.does, player });
  }

  const running = players.flatMap(({ player }) => [player.listen(), play(player)]);
  async function play(player: Player): Promise<void> {
    while (!signal.aborted) {
      await player.act();
      await wait(CHECK_MS, undefined, { signal }).catch(() => {});
    }
  }

  return {
    list: players.map(({ code, does }) => ({ code, does })),
    async send(to) {
      const [sender] = clients;
      if (sender === undefined)
        throw new Error('the sandbox has no agencies that answer: its data is not the sample');
      const { document } = await sender.routing.issueDocument({
        type: 'CV',
        notation: 'SYT-VP',
        subject: 'V/v thử kết nối với hệ thống của quý cơ quan (hộp cát)',
        signer: { competence: 'KT. GIÁM ĐỐC', position: 'Phó Giám đốc', fullName: 'Trần Văn Mẫu' },
        recipients: [{ recipient: { $case: 'code', value: { scheme: '', code: to } } }],
      });
      return document?.id ?? '';
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
      for (const client of clients) client.close();
    },
  };
}
