import { agency, officer } from '@lienthong/reference-data/testing';
import type { World } from './world.ts';

/** A province and a commune with their officers, announced in the world. */
export async function province(world: World) {
  const people = outline();
  await world.announce(people.province, people.commune);
  await world.appoint(...people.officers);
  return people;
}

export function outline() {
  const top = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh Vĩnh Long' });
  const commune = agency({ code: 'H61.29542', name: 'Ủy ban nhân dân xã Tân Hòa', parentId: top.id });
  const sender = officer({ agencyId: top.id, fullName: 'Lê Thị Mai', roles: ['clerk'] });
  const head = officer({
    agencyId: commune.id,
    fullName: 'Nguyễn Văn An',
    roles: ['leader', 'officer'],
    head: true,
  });
  const clerk = officer({ agencyId: commune.id, fullName: 'Trần Thị Bình', roles: ['clerk'] });
  const expert = officer({ agencyId: commune.id, fullName: 'Phạm Văn Cường', roles: ['officer'] });
  return { province: top, commune, sender, head, clerk, expert, officers: [sender, head, clerk, expert] };
}
