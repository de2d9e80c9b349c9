import type {
  Definition,
  Procedure,
  ProcedureSummary,
  RequiredPaper,
  Way,
} from '@lienthong/contracts/registry';
import { html } from 'hono/html';
import { type Html, page } from './layout.ts';
import { channelText, dateText, durationText, levelText, moneyText } from './words.ts';

export interface Found {
  text: string;
  procedures: readonly ProcedureSummary[];
  nextPageToken: string;
}

export function proceduresPage({ text, procedures, nextPageToken }: Found): Html {
  const next = new URLSearchParams({ tim: text, trang: nextPageToken });
  return page({
    title: 'Thủ tục hành chính',
    content: html`<form method="get" action="/thu-tuc" role="search">
<label for="tim">Tìm theo tên, mã hoặc lĩnh vực</label>
<input id="tim" name="tim" type="search" value="${text}" maxlength="200">
<button>Tìm</button>
</form>
<p role="status">${procedures.length === 0 ? 'Không tìm thấy thủ tục nào.' : ''}</p>
<ul class="list">
${procedures.map(
  (one) => html`<li><a href="/thu-tuc/${encodeURIComponent(one.code)}">${one.name}</a>
<small>${aboutSummary(one)}</small></li>`,
)}
</ul>
${nextPageToken === '' ? '' : html`<p><a href="/thu-tuc?${next.toString()}" rel="next">Trang sau</a></p>`}`,
  });
}

const aboutSummary = (one: ProcedureSummary): string =>
  [
    one.code,
    one.field,
    durationText(one.timeLimit),
    levelText(one.serviceLevel),
    one.servedElsewhere === '' ? '' : 'Nộp tại hệ thống của bộ',
    one.suspended ? 'Đang tạm dừng tiếp nhận' : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');

/** What people need to know before they apply: papers, cost, time, where, and by which law. */
export function procedurePage(procedure: Procedure, definition: Definition): Html {
  const { suspension, effectiveOn } = procedure;
  return page({
    title: definition.name,
    content: html`${
      suspension === undefined
        ? ''
        : html`<p class="error" role="alert">Đang tạm dừng tiếp nhận hồ sơ mới: ${suspension.reason}</p>`
    }
${servedAt(definition.servedElsewhere)}
<dl>
<dt>Mã thủ tục</dt><dd>${definition.code}</dd>
${row('Lĩnh vực', definition.field)}
${row('Đối tượng', definition.applicants.join('; '))}
${row('Thời hạn giải quyết', durationText(definition.timeLimit))}
${definition.cases.map(({ name, timeLimit }) => row(`Trường hợp ${name}`, durationText(timeLimit)))}
${row('Mức độ trực tuyến', levelText(definition.serviceLevel))}
${row('Nơi nộp', definition.intakePlace)}
${row('Có hiệu lực từ', dateText(effectiveOn))}
</dl>
<h2>Giấy tờ cần có</h2>
<ul>${definition.papers.map((paper) => html`<li>${paperText(paper, definition)}</li>`)}</ul>
<h2>Cách nộp, thời gian, phí và lệ phí</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Cách nộp, thời gian, phí và lệ phí">
<table>
<thead><tr><th scope="col">Cách nộp</th><th scope="col">Thời hạn</th><th scope="col">Phí, lệ phí</th></tr></thead>
<tbody>
${definition.ways.map(
  (way) => html`<tr><td>${[channelText(way.channel), way.note].filter((part) => part !== '').join(': ')}</td>
<td>${durationText(way.timeLimit ?? definition.timeLimit)}</td><td>${feeText(way, definition)}</td></tr>`,
)}
</tbody>
</table>
</div>
${definition.fees.map(
  ({ name, rules, reliefs }) => html`<h3>${name}</h3>
<ul>
${rules.map(({ name: whom, amountVnd, unit }) => html`<li>${whom === '' ? '' : `${whom}: `}${moneyText(amountVnd)}${unit === '' ? '' : `/${unit}`}</li>`)}
${reliefs.map(({ name: whom, percent }) => html`<li>${whom}: giảm ${percent}%</li>`)}
</ul>`,
)}
${steps(definition.sequence)}
<h2>Kết quả</h2>
<ul>${definition.results.map(({ name }) => html`<li>${name}</li>`)}</ul>
${definition.conditions === '' ? '' : html`<h2>Điều kiện</h2><p>${definition.conditions}</p>`}
${
  definition.legalBasis.length === 0
    ? ''
    : html`<h2>Căn cứ pháp lý</h2><ul>${definition.legalBasis.map((law) => html`<li>${law}</li>`)}</ul>`
}`,
  });
}

const servedAt = (address: string): Html =>
  address === ''
    ? html``
    : html`<p>Thủ tục này do hệ thống của bộ, ngành phục vụ. Hãy nộp hồ sơ tại <a href="${address}" rel="noreferrer">${URL.parse(address)?.host ?? address}</a>.</p>`;

const row = (name: string, text: string): Html =>
  text === '' ? html`` : html`<dt>${name}</dt><dd>${text}</dd>`;

const steps = (sequence: readonly string[]): Html =>
  sequence.length === 0
    ? html``
    : html`<h2>Trình tự thực hiện</h2><ol>${sequence.map((step) => html`<li>${step}</li>`)}</ol>`;

function paperText(paper: RequiredPaper, { cases }: Definition): string {
  const { name, form, originals, copies, mandatory, condition } = paper;
  const named = cases.filter(({ key }) => paper.cases.includes(key)).map((one) => one.name);
  const about = [
    originals > 0 ? `${originals} bản chính` : '',
    copies > 0 ? `${copies} bản sao` : '',
    form,
    mandatory && condition === '' ? '' : 'nếu có',
    named.length === 0 ? '' : `trường hợp: ${named.join('; ')}`,
  ].filter((part) => part !== '');
  return about.length === 0 ? name : `${name} (${about.join(', ')})`;
}

function feeText({ feeVnd }: Way, { fees }: Definition): string {
  if (fees.length > 0) return 'Theo biểu dưới đây';
  return feeVnd === 0n ? 'Không' : moneyText(feeVnd);
}
