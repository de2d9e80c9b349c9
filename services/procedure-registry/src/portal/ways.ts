/** Ways with their time limits and fees, and papers by case. */
import {
  Channel,
  type Definition,
  type ProcedureCase,
  type RequiredPaper,
  type Way,
} from '@lienthong/contracts/registry';
import { searchKey } from '@lienthong/kit/pure';
import {
  amountOf,
  countOf,
  type Fields,
  fieldsOf,
  firstOf,
  limitOf,
  listOf,
  shortened,
  textOf,
  type Uncertain,
} from './reading.ts';

const CHANNELS: Readonly<Record<string, Channel>> = {
  '1': Channel.IN_PERSON,
  '2': Channel.ONLINE,
  '3': Channel.POST,
};
const MOST_WAYS = 50;
const MOST_CASES = 20;
const MOST_PAPERS = 200;

interface Row {
  channel: Channel;
  fields: Fields;
  recordPlace: string;
}

/** The rows of CACHTHUCTHUCHIEN: one for each THOIGIAN of each KENH. */
function rowsOf(record: Fields, uncertain: Uncertain): Row[] {
  const rows = listOf(record.CACHTHUCTHUCHIEN).flatMap((one, i): Row[] => {
    const at = `CACHTHUCTHUCHIEN[${i}]`;
    const { KENH, THOIGIAN } = fieldsOf(one);
    const channel = CHANNELS[textOf(KENH)];
    if (channel === undefined) {
      uncertain.add(
        `${at}.KENH`,
        '',
        'CHANNEL_UNKNOWN',
        'is not 1 (in person), 2 (online) or 3 (post)',
        textOf(KENH),
      );
      return [];
    }
    const times = listOf(THOIGIAN);
    if (times.length === 0) return [{ channel, fields: {}, recordPlace: at }];
    return times.map((time, j) => ({ channel, fields: fieldsOf(time), recordPlace: `${at}.THOIGIAN[${j}]` }));
  });
  return firstOf(rows, MOST_WAYS, 'CACHTHUCTHUCHIEN', uncertain);
}

export type Lodging = Pick<Definition, 'ways' | 'cases' | 'papers'>;

export function lodgingFrom(record: Fields, uncertain: Uncertain): Lodging {
  const rows = rowsOf(record, uncertain);
  const groups = listOf(record.THANHPHANHOSO).map(fieldsOf);
  const named = groups.length > 1 ? groups.map(({ TRUONGHOP }) => textOf(TRUONGHOP)) : [];
  const byRow = named.length === 0 ? namesOfRows(rows) : [];
  const names = firstOf(named.length > 0 ? named : byRow, MOST_CASES, 'THANHPHANHOSO', uncertain);
  const cases = names.map(
    (name, i): ProcedureCase => ({
      key: `truong-hop-${i + 1}`,
      name: shortened(name, 500, 'TRUONGHOP', `cases[${i}].name`, uncertain) || `Trường hợp ${i + 1}`,
      condition: '',
      timeLimit: undefined,
    }),
  );
  if (cases.length > 0)
    uncertain.add(
      named.length > 0 ? 'THANHPHANHOSO' : 'CACHTHUCTHUCHIEN',
      'cases',
      'CASE_IN_WORDS',
      'the cases are described in words; give conditions, or leave them to be named at lodging',
    );
  const ways = rows.map((row, i) => wayFrom(row, i, casesOfRow(rows, i, cases, byRow.length > 0), uncertain));
  reportOverlaps(rows, ways, uncertain);
  return { ways, cases, papers: papersFrom(groups, cases, uncertain) };
}

/** What rows of one channel are for, when one channel has several. */
function namesOfRows(rows: readonly Row[]): string[] {
  const byChannel = Object.values(CHANNELS).map((channel) => rows.filter((row) => row.channel === channel));
  const most = byChannel.toSorted((a, b) => b.length - a.length)[0] ?? [];
  return most.length > 1 ? most.map(({ fields }) => textOf(fields.MOTA)) : [];
}

/** The n-th row of a channel is for the n-th case; with cases of papers, those whose name it contains. */
function casesOfRow(
  rows: readonly Row[],
  i: number,
  cases: readonly ProcedureCase[],
  byRow: boolean,
): string[] {
  const row = rows[i];
  const siblings = rows.filter(({ channel }) => channel === row?.channel);
  if (row === undefined || siblings.length < 2) return [];
  if (byRow) return cases.slice(siblings.indexOf(row), siblings.indexOf(row) + 1).map(({ key }) => key);
  const words = searchKey(textOf(row.fields.MOTA));
  return cases.filter(({ name }) => words.includes(searchKey(name))).map(({ key }) => key);
}

function reportOverlaps(rows: readonly Row[], ways: readonly Way[], uncertain: Uncertain): void {
  for (const [i, way] of ways.entries()) {
    const other = ways.findIndex(
      (one, j) =>
        j < i &&
        one.channel === way.channel &&
        (one.cases.length === 0 ||
          way.cases.length === 0 ||
          one.cases.some((key) => way.cases.includes(key))),
    );
    if (other === -1) continue;
    const message = `is a row of the same channel as ways[${other}]; tell them apart by applicants or cases`;
    uncertain.add(rows[i]?.recordPlace ?? '', `ways[${i}]`, 'ROW_UNCLEAR', message, way.note);
  }
}

function wayFrom(
  { channel, fields, recordPlace }: Row,
  i: number,
  cases: string[],
  uncertain: Uncertain,
): Way {
  const place = `ways[${i}]`;
  const limit = limitOf(fields.THOIGIANGIAIQUYET, fields.DONVITINH);
  const written = [fields.THOIGIANGIAIQUYET, fields.DONVITINH].map(textOf).join(' ').trim();
  const note = [textOf(fields.MOTA)];
  if (limit === 'unreadable') {
    uncertain.add(
      `${recordPlace}.THOIGIANGIAIQUYET`,
      place,
      'TIME_LIMIT_IN_WORDS',
      'is not a number of days or hours',
      written,
    );
    note.push(written);
  } else if (!limit.certain) {
    const message = 'does not say whether it counts working time; working time was taken';
    uncertain.add(`${recordPlace}.DONVITINH`, `${place}.time_limit`, 'TIME_UNIT_UNCLEAR', message, written);
  }
  const { feeVnd, words } = feeFrom(
    listOf(fields.PHILEPHI).map(fieldsOf),
    `${recordPlace}.PHILEPHI`,
    place,
    uncertain,
  );
  note.push(words);
  return {
    channel,
    timeLimit: limit === 'unreadable' ? undefined : limit.duration,
    feeVnd,
    note: shortened(
      note.filter((text) => text !== '').join('\n'),
      1000,
      recordPlace,
      `${place}.note`,
      uncertain,
    ),
    applicants: [],
    cases,
  };
}

/** A single amount without words is the fee of the row; everything else stays in words. */
function feeFrom(
  fees: readonly Fields[],
  recordPlace: string,
  place: string,
  uncertain: Uncertain,
): { feeVnd: bigint; words: string } {
  const words = fees
    .map(({ SOTIEN, DONVI, MOTA }) =>
      [SOTIEN, DONVI, MOTA]
        .map(textOf)
        .filter((one) => one !== '')
        .join(' '),
    )
    .join('; ');
  const [only] = fees;
  if (only === undefined) return { feeVnd: 0n, words: '' };
  const unit = searchKey(textOf(only.DONVI));
  const amount = unit === '' || unit === 'dong' || unit === 'vnd' ? amountOf(only.SOTIEN) : 'unreadable';
  const described = textOf(only.MOTA) !== '';
  if (fees.length > 1 || described || amount === 'unreadable') {
    const why = fees.length > 1 ? 'there are several' : 'it is described in words';
    uncertain.add(
      recordPlace,
      `${place}.note`,
      'FEE_IN_WORDS',
      `no fee was taken over, since ${why}; write rules under fees`,
      words,
    );
    return { feeVnd: 0n, words };
  }
  if (!amount.certain)
    uncertain.add(
      `${recordPlace}[0].SOTIEN`,
      `${place}.fee_vnd`,
      'FEE_NUMBER_AMBIGUOUS',
      `was read as ${amount.amountVnd} đồng`,
      words,
    );
  return { feeVnd: BigInt(amount.amountVnd), words: '' };
}

/** A paper that several cases have with the same counts is one paper. */
function papersFrom(
  groups: readonly Fields[],
  cases: readonly ProcedureCase[],
  uncertain: Uncertain,
): RequiredPaper[] {
  const papers = new Map<string, RequiredPaper>();
  for (const [i, { GIAYTO }] of groups.entries()) {
    for (const [j, given] of listOf(GIAYTO).entries()) {
      const at = `THANHPHANHOSO[${i}].GIAYTO[${j}]`;
      const paper = paperFrom(fieldsOf(given), at, papers.size, uncertain);
      if (paper === undefined) continue;
      const id = JSON.stringify([paper.name, paper.form, paper.originals, paper.copies]);
      const known = papers.get(id) ?? paper;
      const key = cases.length === groups.length ? cases[i]?.key : undefined;
      if (key !== undefined && !known.cases.includes(key)) known.cases.push(key);
      papers.set(id, known);
    }
  }
  const all = firstOf([...papers.values()], MOST_PAPERS, 'THANHPHANHOSO', uncertain);
  if (all.length > 0)
    uncertain.add(
      'THANHPHANHOSO',
      'papers',
      'PAPER_MANDATORY_ASSUMED',
      'the record does not say which papers are mandatory; all with a count were taken as such',
    );
  return all.map((paper) => ({ ...paper, cases: paper.cases.length === cases.length ? [] : paper.cases }));
}

function paperFrom(given: Fields, at: string, n: number, uncertain: Uncertain): RequiredPaper | undefined {
  const place = `papers[${n}]`;
  const name = shortened(textOf(given.TENGIAYTO), 1000, `${at}.TENGIAYTO`, `${place}.name`, uncertain);
  if (name === '') {
    uncertain.add(
      `${at}.TENGIAYTO`,
      '',
      'NAME_MISSING',
      'the paper has no name and was left out',
      textOf(given.MAGIAYTO),
    );
    return undefined;
  }
  const count = (field: 'SOBANCHINH' | 'SOBANSAO') => {
    const found =
      given[field] === undefined || given[field] === null ? { count: 0 } : countOf(given[field], 100);
    if (found !== 'unreadable') return found.count;
    uncertain.add(
      `${at}.${field}`,
      place,
      'COUNT_UNREADABLE',
      'is not a number from 0 to 100; 0 was taken',
      textOf(given[field]),
    );
    return 0;
  };
  const [originals, copies] = [count('SOBANCHINH'), count('SOBANSAO')];
  return {
    key: `giay-to-${n + 1}`,
    name,
    form: shortened(textOf(given.TENMAUDON), 100, `${at}.TENMAUDON`, `${place}.form`, uncertain),
    originals,
    copies,
    mandatory: originals + copies > 0,
    condition: '',
    cases: [],
  };
}
