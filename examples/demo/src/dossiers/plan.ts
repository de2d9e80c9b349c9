/** How a dossier of the story goes: what its officers and its citizen do. */
export type Conduct =
  | 'early'
  | 'on time'
  | 'supplemented'
  | 'consulted'
  | 'paid'
  | 'overdue'
  | 'extended'
  | 'refused at intake'
  | 'refused by a step'
  | 'withdrawn'
  | 'held through the merger'
  | 'begun before the merger';

export interface Lodging {
  /** The procedure's code. */
  code: string;
  /** A moment at which officers work, in Vietnam's time. */
  at: string;
  /** Code of the intake agency, as of that day. */
  intake: string;
  /** Code of the commune that the matter is about, where that is not the intake agency. */
  territory?: string;
  conduct: Conduct;
  /** Values that differ from the usual data. */
  data?: Record<string, string>;
}

export const IN_FORCE_ON = '2025-04-14';
export const MERGED_ON = '2025-07-01';
/** Until this day the merging communes keep the dossiers that were lodged in the last days. */
export const HELD_UNTIL = '2025-07-02';

export const [WARD_1, WARD_2, WARD_3] = ['H61.29542', 'H61.29554', 'H61.29563'];
export const TOWN = 'H61.855';
export const JUSTICE = 'H61.TP';
/** A commune of another district, which takes part in a dossier of its own alone. */
const FAR_COMMUNE = 'H61.29581';
/** They take no part in the other dossiers: the department in none at all. */
export const STRANGERS = ['H61.NOIVU2025', FAR_COMMUNE];

const lodged = (code: string, intake: string, at: string, conduct: Conduct, data = {}): Lodging => ({
  code,
  intake,
  at: `2025-${at}`,
  conduct,
  data,
});

/** Every sample procedure, across the holiday of 30 April (Saturday the 26th is worked) and across the merger. */
export const lodgings: readonly Lodging[] = [
  lodged('2.000635', WARD_1, '04-21 08:30', 'early'),
  lodged('2.000635', WARD_2, '04-28 16:30', 'paid'),
  lodged('2.000635', JUSTICE, '04-29 10:30', 'overdue'),
  lodged('1.012783', WARD_1, '04-22 08:30', 'on time'),
  lodged('1.012783', WARD_2, '04-23 08:30', 'paid', { has_title_papers: 'true' }),
  lodged('1.012783', WARD_3, '04-23 14:00', 'refused by a step'),
  lodged('1.013225', WARD_1, '04-21 10:30', 'on time', { floor_area_m2: '820', floors: '8' }),
  lodged('1.013225', WARD_2, '04-24 08:30', 'extended'),
  lodged('1.013225', WARD_3, '06-26 08:30', 'held through the merger'),
  lodged('2.000488', JUSTICE, '04-22 10:30', 'early', { lived_elsewhere: 'true' }),
  lodged('2.000488', JUSTICE, '04-25 16:30', 'paid'),
  lodged('2.000488', JUSTICE, '04-26 08:30', 'withdrawn'),
  lodged('2.000815', WARD_1, '04-29 08:30', 'early'),
  lodged('2.000815', WARD_2, '04-29 16:30', 'on time'),
  lodged('2.000815', WARD_3, '05-05 08:30', 'refused by a step'),
  lodged('2.000815', FAR_COMMUNE, '04-21 08:30', 'early'),
  lodged('1.012776', WARD_1, '04-23 08:30', 'on time', { from_rice_land: 'true', area_m2: '900' }),
  lodged('1.012776', WARD_2, '04-24 14:00', 'consulted', { area_m2: '1500' }),
  lodged('1.012776', WARD_3, '04-25 08:30', 'withdrawn'),
  // Taken in at one commune for land in another, which examines it; a department, and back. Both communes end meanwhile.
  {
    ...lodged('1.012776', WARD_1, '06-30 08:30', 'begun before the merger', { area_m2: '1500' }),
    territory: WARD_3,
  },
  lodged('1.010810', WARD_1, '04-21 14:00', 'early'),
  lodged('1.010810', WARD_2, '04-28 08:30', 'supplemented', { examined_before: 'true' }),
  lodged('1.001612', TOWN, '04-28 08:30', 'on time'),
  lodged('1.001612', TOWN, '04-29 08:30', 'early', { conditional_line: 'true' }),
  lodged('1.001612', WARD_2, '05-06 10:30', 'refused at intake'),
  lodged('1.001193', WARD_1, '04-24 08:30', 'early'),
  lodged('1.001193', WARD_2, '04-29 14:00', 'overdue'),
  lodged('1.001193', WARD_3, '05-05 10:30', 'refused at intake'),
  lodged('1.001193', WARD_1, '06-30 16:30', 'held through the merger'),
  lodged('1.004222', WARD_1, '04-28 10:30', 'supplemented'),
  lodged('1.004222', WARD_2, '04-25 10:30', 'overdue'),
  lodged('1.004222', WARD_1, '06-27 08:30', 'held through the merger'),
  lodged('2.002621', WARD_3, '04-22 08:30', 'early'),
  lodged('2.002621', WARD_1, '05-05 14:00', 'on time', { joins_relatives: 'true' }),
  lodged('1.001776', WARD_1, '04-24 10:30', 'on time'),
  lodged('1.001776', WARD_3, '04-25 14:00', 'extended', { complaint: 'true' }),
  lodged('1.001776', WARD_2, '06-30 08:30', 'held through the merger'),
  lodged('1.004873', WARD_1, '04-26 10:30', 'consulted', { has_former_residence: 'true' }),
  lodged('1.004873', WARD_2, '04-29 10:30', 'early'),
];
