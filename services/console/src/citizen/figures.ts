import type { GetOpenFiguresResponse, OpenFigures } from '@lienthong/contracts/casework';
import { html } from 'hono/html';
import { type Html, page } from './layout.ts';
import { dateText, decimalText } from './words.ts';

interface Column {
  title: string;
  /** '' for an agency without numbers. */
  text(of: OpenFigures): string;
  /** Smaller comes first. */
  order(of: OpenFigures): number;
}

const percent = (part: number, { finished }: OpenFigures) => `${Math.round((part / finished) * 100)}%`;

/** By the value of the address's parameter `xep`; without one the order is that of names. */
const COLUMNS: Readonly<Record<string, Column>> = {
  'so-luong': {
    title: 'Hồ sơ đã giải quyết',
    text: ({ finished }) => String(finished),
    order: ({ finished }) => -finished,
  },
  'dung-han': {
    title: 'Đúng hạn',
    text: (of) => percent(of.onTime, of),
    order: ({ onTime, finished }) => -onTime / finished,
  },
  'thoi-gian': {
    title: 'Số ngày làm việc trung bình',
    text: ({ meanDays }) => decimalText(meanDays),
    order: ({ meanDays }) => meanDays,
  },
  'bo-sung': {
    title: 'Phải bổ sung',
    text: (of) => percent(of.supplemented, of),
    order: ({ supplemented, finished }) => supplemented / finished,
  },
};

export interface FiguresView {
  /** 0: the latest one. */
  year: number;
  /** A key of a column; any other text: by name. */
  sort: string;
  figures: GetOpenFiguresResponse;
}

/** How agencies keep their time. A table with a name for each number, so that it reads as a list on a narrow screen. */
export function figuresPage({ year, sort, figures: { from, to, agencies } }: FiguresView): Html {
  const shown = year === 0 ? Number(from.slice(0, 4)) : year;
  return page({
    title: `Số liệu giải quyết hồ sơ năm ${shown}`,
    content: html`<p>Hồ sơ đã giải quyết từ ${dateText(from)} đến ${dateText(to)}, theo nơi tiếp nhận. Số liệu được tính từ nhật ký của hệ thống, mỗi tháng một lần.</p>
<form method="get" action="/so-lieu">
<label for="nam">Năm</label>
<input id="nam" name="nam" type="number" min="2000" max="2199" value="${shown}" required>
${sort === '' ? '' : html`<input type="hidden" name="xep" value="${sort}">`}
<button>Xem</button>
</form>
${agencies.length === 0 ? html`<p role="status">Chưa có hồ sơ nào được giải quyết trong thời gian này.</p>` : table(shown, sort, agencies)}
<p><small>Một ngày làm việc là 8 giờ, không kể thời gian chờ người dân. Cơ quan có ít hơn 5 hồ sơ không có số liệu, để không ai bị nhận ra.</small></p>`,
  });
}

function table(year: number, sort: string, agencies: readonly OpenFigures[]): Html {
  const heads = [
    ['', 'Cơ quan'] as const,
    ...Object.entries(COLUMNS).map(([key, { title }]) => [key, title] as const),
  ];
  return html`<table class="figures">
<thead><tr>
${heads.map(([key, title]) => html`<th scope="col"${ariaSort(key, sort)}>${link(year, key, title, sort)}</th>`)}
</tr></thead>
<tbody>
${sorted(agencies, sort).map(
  (of) =>
    html`<tr><th scope="row">${of.agencyName}</th>${
      of.few
        ? html`<td colspan="${Object.keys(COLUMNS).length}">ít hơn 5 hồ sơ</td>`
        : Object.values(COLUMNS).map(({ title, text }) => html`<td data-title="${title}">${text(of)}</td>`)
    }</tr>`,
)}
</tbody>
</table>`;
}

const ariaSort = (key: string, sort: string) =>
  key === keyOf(sort)
    ? html` aria-sort="${key === '' || key === 'thoi-gian' || key === 'bo-sung' ? 'ascending' : 'descending'}"`
    : '';

function link(year: number, key: string, title: string, sort: string): Html | string {
  if (key === keyOf(sort)) return title;
  const query = new URLSearchParams({ nam: String(year), ...(key !== '' && { xep: key }) });
  return html`<a href="/so-lieu?${query.toString()}">${title}</a>`;
}

const keyOf = (sort: string): string => (Object.hasOwn(COLUMNS, sort) ? sort : '');

/** The agencies come by name; those without numbers are last in every other order. */
function sorted(agencies: readonly OpenFigures[], sort: string): readonly OpenFigures[] {
  const column = COLUMNS[keyOf(sort)];
  if (column === undefined) return agencies;
  const order = (of: OpenFigures) => (of.few ? Number.POSITIVE_INFINITY : column.order(of));
  return agencies.toSorted((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)));
}
