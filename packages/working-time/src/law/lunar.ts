/**
 * The Vietnamese lunar calendar, after the published algorithm of Hồ Ngọc Đức. A month begins on the date in Vietnam
 * (UTC+7) of a new moon. The eleventh month has the winter solstice in it. Where thirteen months lie between two
 * solstices, the first without a principal term (the sun enters no new 30° of its path) is a leap month.
 *
 * New moon and sun follow J. Meeus, Astronomical Algorithms (1991), to some minutes: exact dates from 1800 to 2199 but
 * where a new moon falls within minutes of midnight.
 */
import { DAY_MS, firstDayOfYear } from '../time.ts';

/** Julian day of 1970-01-01 at midnight in Vietnam. */
const EPOCH = 2_440_587.5 - (7 * 3_600_000) / DAY_MS;
/** The new moon of January 1900, from which new moons are counted. */
const FIRST_NEW_MOON = 2_415_020.759_33;
const MONTH = 29.530_588_68;
const RADIANS = Math.PI / 180;

const sin = (degrees: number): number => Math.sin(degrees * RADIANS);

/** The day, since 1970-01-01, of a date of the lunar year that begins in a year; never of its leap month. */
export function dayOfLunarDate(year: number, month: number, date: number): number {
  // The lunar year runs from the second month after the solstice of the year before to the one after its own solstice.
  const solstice = month < 11 ? year - 1 : year;
  const eleventh = monthOfSolstice(solstice);
  const leap = leapAfter(eleventh, monthOfSolstice(solstice + 1));
  const after = (month + 1) % 12;
  return dayOfNewMoon(eleventh + after + (leap !== undefined && after >= leap ? 1 : 0)) + date - 1;
}

/** The number of the new moon that begins the eleventh month, which has the solstice of a year. */
function monthOfSolstice(year: number): number {
  const lastDay = firstDayOfYear(year + 1) - 1;
  const month = Math.floor((lastDay + EPOCH - FIRST_NEW_MOON) / MONTH);
  // The solstice is 270°, the beginning of the tenth of twelve parts, counted from 0.
  return termOn(dayOfNewMoon(month)) >= 9 ? month - 1 : month;
}

/** How many months after the eleventh one the leap month is; undefined in a year of twelve. */
function leapAfter(eleventh: number, next: number): number | undefined {
  if (next - eleventh < 13) return undefined;
  for (let after = 1; ; after += 1) {
    const month = eleventh + after;
    if (termOn(dayOfNewMoon(month)) === termOn(dayOfNewMoon(month + 1))) return after;
  }
}

/** Which twelfth of its path the sun is in when a day begins in Vietnam. */
function termOn(day: number): number {
  const t = (day + EPOCH - 2_451_545) / 36_525;
  const anomaly = 357.5291 + 35_999.0503 * t - 0.000_155_9 * t ** 2 - 0.000_000_48 * t ** 3;
  const centre =
    (1.9146 - 0.004_817 * t - 0.000_014 * t ** 2) * sin(anomaly) +
    (0.019_993 - 0.000_101 * t) * sin(2 * anomaly) +
    0.000_29 * sin(3 * anomaly);
  const node = 125.04 - 1934.136 * t;
  const longitude =
    280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t ** 2 + centre - 0.005_69 - 0.004_78 * sin(node);
  return Math.floor((((longitude % 360) + 360) % 360) / 30);
}

/** The day in Vietnam of the k-th new moon since January 1900. */
function dayOfNewMoon(k: number): number {
  const t = k / 1236.85;
  const sun = 359.2242 + 29.105_356_08 * k - 0.000_033_3 * t ** 2 - 0.000_003_47 * t ** 3;
  const moon = 306.0253 + 385.816_918_06 * k + 0.010_730_6 * t ** 2 + 0.000_012_36 * t ** 3;
  const latitude = 21.2964 + 390.670_506_46 * k - 0.001_652_8 * t ** 2 - 0.000_002_39 * t ** 3;
  const mean =
    FIRST_NEW_MOON +
    MONTH * k +
    0.000_117_8 * t ** 2 -
    0.000_000_155 * t ** 3 +
    0.000_33 * sin(166.56 + 132.87 * t - 0.009_173 * t ** 2);
  const correction =
    (0.1734 - 0.000_393 * t) * sin(sun) +
    0.0021 * sin(2 * sun) -
    0.4068 * sin(moon) +
    0.0161 * sin(2 * moon) -
    0.0004 * sin(3 * moon) +
    0.0104 * sin(2 * latitude) -
    0.0051 * sin(sun + moon) -
    0.0074 * sin(sun - moon) +
    0.0004 * sin(2 * latitude + sun) -
    0.0004 * sin(2 * latitude - sun) -
    0.0006 * sin(2 * latitude + moon) +
    0.001 * sin(2 * latitude - moon) +
    0.0005 * sin(2 * moon + sun);
  // Dynamical time runs ahead of universal time.
  const ahead = -0.000_278 + 0.000_265 * t + 0.000_262 * t ** 2;
  return Math.floor(mean + correction - ahead - EPOCH);
}
