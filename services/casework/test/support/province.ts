import { type Agency, type Officer, Tier } from '@lienthong/contracts/directory';
import { agency, officer } from '@lienthong/reference-data/testing';
import type { World } from './world.ts';

/** An agency with a head, who is a leader, two officers and a clerk of the one-stop unit. */
export interface Office {
  agency: Agency;
  head: Officer;
  officer: Officer;
  colleague: Officer;
  clerk: Officer;
}

export function office(of: Agency): Office {
  const { id: agencyId } = of;
  return {
    agency: of,
    head: officer({
      agencyId,
      fullName: 'Nguyễn Văn Trưởng',
      position: 'Trưởng',
      roles: ['leader'],
      head: true,
    }),
    officer: officer({ agencyId, fullName: 'Trần Thị Hòa' }),
    colleague: officer({ agencyId, fullName: 'Lê Văn Đức' }),
    clerk: officer({ agencyId, fullName: 'Phạm Thị Một Cửa', roles: ['clerk'] }),
  };
}

export const peopleOf = ({ head, officer, colleague, clerk }: Office): Officer[] => [
  head,
  officer,
  colleague,
  clerk,
];

/** A province with two departments, a district and two communes. */
export interface Province {
  province: Office;
  /** Holds "land". */
  land: Office;
  /** Holds "finance". */
  finance: Office;
  district: Office;
  commune: Office;
  otherCommune: Office;
}

export function sampleProvince(): Province {
  const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh Vĩnh Long', tier: Tier.PROVINCE });
  const department = (code: string, name: string, fn: string) =>
    agency({ code, name, tier: Tier.DEPARTMENT, parentId: province.id, functions: [fn] });
  const district = agency({
    code: 'H61.855',
    name: 'Ủy ban nhân dân huyện Long Hồ',
    tier: Tier.DISTRICT,
    parentId: province.id,
  });
  const commune = (code: string, name: string) => agency({ code, name, parentId: district.id });
  return {
    province: office(province),
    land: office(department('H61.STNMT', 'Sở Tài nguyên và Môi trường', 'land')),
    finance: office(department('H61.STC', 'Sở Tài chính', 'finance')),
    district: office(district),
    commune: office(commune('H61.855.29542', 'Ủy ban nhân dân xã An Bình')),
    otherCommune: office(commune('H61.855.29545', 'Ủy ban nhân dân xã Bình Hòa Phước')),
  };
}

/** Announces a province; resolves when the service knows it. */
export async function settle(world: World, province: Province): Promise<void> {
  const offices = Object.values(province) as Office[];
  await world.announce(...offices.map((one) => one.agency));
  await world.appoint(...offices.flatMap(peopleOf));
}
