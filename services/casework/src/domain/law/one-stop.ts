/** The one-stop unit of an agency at a date: its name, and whether it has a seal of its own. */
import { Tier } from '@lienthong/contracts/directory';
import { properName } from '@lienthong/reference-data';
import { unitOfCommittee } from '../wording/names.ts';

interface OneStopVersion {
  /** The first date, YYYY-MM-DD; '' for all dates before the next version. */
  from: string;
  /** Agencies whose one-stop unit it is; a department's is the province's. */
  tiers: readonly Tier[];
  name: string;
  /** The name in a letterhead, broken into lines. */
  letterhead: string;
  ownSeal: boolean;
}

const EVERY_TIER = Object.values(Tier);

/** Newest first. */
const VERSIONS: readonly OneStopVersion[] = [
  {
    // NĐ 118/2025/NĐ-CP.
    from: '2025-07-01',
    tiers: [Tier.PROVINCE, Tier.DEPARTMENT, Tier.COMMUNE],
    name: 'Trung tâm Phục vụ hành chính công',
    letterhead: 'TRUNG TÂM PHỤC VỤ\nHÀNH CHÍNH CÔNG',
    ownSeal: true,
  },
  {
    from: '',
    tiers: EVERY_TIER,
    name: 'Bộ phận Tiếp nhận và Trả kết quả',
    letterhead: 'BỘ PHẬN TIẾP NHẬN\nVÀ TRẢ KẾT QUẢ',
    ownSeal: false,
  },
];

export interface OneStopUnit {
  name: string;
  letterhead: string;
  /** The name of the agency that the unit belongs to. */
  agency: string;
  /** Within a sentence: "Trung tâm Phục vụ hành chính công xã An Bình". */
  title: string;
  ownSeal: boolean;
}

export interface AgencyThen {
  name: string;
  tier: Tier;
}

/**
 * @param chain an agency and those above it at the date, itself first
 * @param date YYYY-MM-DD
 */
export function oneStopAt(chain: readonly AgencyThen[], date: string): OneStopUnit {
  const [own = { name: '', tier: Tier.UNSPECIFIED }] = chain;
  const version = VERSIONS.find(({ from, tiers }) => from <= date && tiers.includes(own.tier));
  if (!version) throw new Error(`no one-stop unit for tier ${own.tier} on ${date}`);
  const { name, letterhead, ownSeal } = version;
  const itself = own.name.toLocaleLowerCase('vi').startsWith(name.toLocaleLowerCase('vi'));
  const agency = properName(ownerOf(chain, ownSeal, itself).name);
  const title = itself ? properName(own.name) : titleOf(name, agency, ownSeal);
  return { name, letterhead, agency, title, ownSeal };
}

/** The unit may be an agency of the directory itself; a unit with its own seal serves the whole province or commune. */
function ownerOf(chain: readonly AgencyThen[], ownSeal: boolean, itself: boolean): AgencyThen {
  const [own = { name: '', tier: Tier.UNSPECIFIED }, above] = chain;
  if (itself) return above ?? own;
  if (!ownSeal || own.tier !== Tier.DEPARTMENT) return own;
  return chain.find(({ tier }) => tier === Tier.PROVINCE) ?? own;
}

function titleOf(name: string, agency: string, ownSeal: boolean): string {
  const unit = unitOfCommittee(agency);
  return ownSeal && unit !== undefined ? `${name} ${unit}` : `${name}, ${agency}`;
}
