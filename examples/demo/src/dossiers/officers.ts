import type { AgencyClient } from '@lienthong/client';
import type { Officer } from '@lienthong/contracts/directory';
import type { Platform } from '@lienthong/standalone';
import { MERGED_ON } from './plan.ts';

export interface Desk {
  /** The officer of the one-stop unit, who also works on the steps, with her own client. */
  officer: { id: string; client: AgencyClient };
  head: { id: string; client: AgencyClient };
}

export interface Offices {
  /** Returns an agency's officers. Appoints them in the directory when they do not exist yet. */
  of(agencyId: string): Promise<Desk>;
  count(): number;
  /** How many officers were appointed. */
  appointed(): number;
  close(): void;
}

type Role = Parameters<Platform['connect']>[0]['roles'][number];

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ'];

export function openOffices(platform: Platform, admin: AgencyClient, today: () => string): Offices {
  const desks = new Map<string, Promise<Desk>>();
  const clients: AgencyClient[] = [];
  let appointed = 0;

  function seat({ id, agencyId, roles }: Officer) {
    const client = platform.connect({ agencyId, officerId: id, roles: roles as Role[] }, admin.written());
    clients.push(client);
    return { id, client };
  }

  async function open(agencyId: string, number: number): Promise<Desk> {
    const there = await Array.fromAsync(admin.officers({ agencyId, at: today() }));
    const family = FAMILY[number % FAMILY.length];
    const appoint = async (fullName: string, position: string, head: boolean): Promise<Officer> => {
      const { officer } = await admin.directory.appointOfficer({
        agencyId,
        fullName,
        position,
        head,
        roles: head ? ['officer', 'leader'] : ['clerk', 'officer'],
        validFrom: today() < MERGED_ON ? '2025-04-01' : MERGED_ON,
      });
      if (!officer) throw new Error(`no officer was appointed at ${agencyId}`);
      appointed += 1;
      return officer;
    };
    // After a merger: a head who moved there keeps the role, not the position.
    const head =
      there.find((one) => one.head) ??
      there.find(({ roles }) => roles.includes('leader')) ??
      (await appoint(`${family} Văn Mẫu`, 'Thủ trưởng', true));
    const officer =
      there.find(({ id, roles }) => id !== head.id && roles.includes('clerk') && roles.includes('officer')) ??
      (await appoint(`${family} Thị Mẫu`, 'Chuyên viên một cửa', false));
    return { head: seat(head), officer: seat(officer) };
  }

  return {
    of(agencyId) {
      let desk = desks.get(agencyId);
      if (desk === undefined) {
        desk = open(agencyId, desks.size);
        desks.set(agencyId, desk);
      }
      return desk;
    },
    count: () => clients.length,
    appointed: () => appointed,
    close() {
      for (const client of clients) client.close();
    },
  };
}
