import { randomUUID } from 'node:crypto';
import { connectAgency } from '@lienthong/client';
import type { MailServer } from '@lienthong/test-mail-server';
import type { Agency } from '../agencies.ts';
import type { Target } from '../target.ts';
import { letter } from './documents.ts';

/** Gives each agency a clerk with a mail address. */
export async function appointClerks(target: Target, agencies: readonly Agency[]): Promise<void> {
  const admin = target.admin();
  const officers = await Promise.all(
    agencies.map(({ id }) =>
      admin.directory.appointOfficer({
        agencyId: id,
        fullName: 'Trần Thị Văn Thư',
        position: 'Văn thư',
        roles: ['clerk'],
      }),
    ),
  );
  await target.settled(admin);
  admin.close();
  for (const { officer } of officers) {
    const caller = {
      agencyId: officer?.agencyId ?? '',
      officerId: officer?.id ?? '',
      roles: ['clerk' as const],
    };
    const token = await target.token(caller);
    const client = connectAgency({ address: target.address, token: () => token });
    await client.notifications.setContact({
      requestId: randomUUID(),
      contact: { email: `${caller.officerId}@example.vn` },
    });
    client.close();
  }
}

/** Mails per second, planned and sent: notifications of clerks whose agencies receive letters. */
export async function mailsPerSecond(
  target: Target,
  server: MailServer,
  agencies: readonly Agency[],
  letters: number,
): Promise<number> {
  const client = await target.as((agencies[0] as Agency).id);
  const before = server.received();
  const total = letters * agencies.length;
  const start = performance.now();
  for (let n = 0; n < letters; n += 1) await client.issueDocument(letter(agencies));
  while (server.received() - before < total) await new Promise((resolve) => setTimeout(resolve, 20));
  const seconds = (performance.now() - start) / 1_000;
  await target.quiet();
  if (server.received() - before !== total) throw new Error('a mail was sent twice');
  return total / seconds;
}
