import type { TrackDossierResponse } from '@lienthong/contracts/casework';
import { html } from 'hono/html';
import { type Html, page } from './layout.ts';
import { momentText, moneyText } from './words.ts';

export interface TrackForm {
  code: string;
  /** Why the last try showed nothing. */
  error?: string;
}

/** Asks for the code and the secret of a dossier. The secret is never put into an address. */
export const trackPage = ({ code, error }: TrackForm): Html =>
  page({
    title: 'Tra cứu hồ sơ',
    content: html`${error === undefined ? '' : html`<p class="error" role="alert">${error}</p>`}
<form method="post" action="/tra-cuu" autocomplete="off">
<label for="code">Mã hồ sơ</label>
<input id="code" name="code" value="${code}" required maxlength="100" aria-describedby="code-help">
<small id="code-help">Ghi trên giấy tiếp nhận hồ sơ và hẹn trả kết quả.</small>
<label for="secret">Mã bí mật</label>
<input id="secret" name="secret" required maxlength="100" aria-describedby="secret-help">
<small id="secret-help">Được trao cùng giấy tiếp nhận.</small>
<button>Tra cứu</button>
</form>`,
  });

/** Where a dossier is, when it is due, and what is asked of the applicant. */
export function trackedPage(dossier: TrackDossierResponse): Html {
  const rows: [string, string | Html][] = [
    ['Thủ tục', dossier.procedureName],
    ['Tình trạng', html`<strong>${dossier.statusText}</strong>`],
    ['Đang giữ hồ sơ', dossier.holderName],
    ['Nơi tiếp nhận', dossier.intakeName],
    ['Nơi giải quyết', dossier.competentName],
    ['Ngày nộp', momentText(dossier.lodgedAt)],
    ['Hẹn trả kết quả', `${momentText(dossier.dueAt)}${dossier.dueProvisional ? ' (dự kiến)' : ''}`],
    ['Xong lúc', momentText(dossier.finishedAt)],
  ];
  return page({
    title: `Hồ sơ ${dossier.code}`,
    content: html`<dl>
${rows.filter(([, text]) => text !== '').map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}
</dl>
${
  dossier.paymentDueVnd > 0n
    ? html`<h2>Cần nộp</h2>
<p><strong>${moneyText(dossier.paymentDueVnd)}</strong>: ${dossier.paymentContent}</p>`
    : ''
}
${
  dossier.results.length > 0
    ? html`<h2>Kết quả</h2>
${dossier.results.map(
  ({ name, data }) => html`<h3>${name}</h3>
<dl>${Object.entries(data).map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}</dl>`,
)}`
    : ''
}
<h2>Quá trình giải quyết</h2>
<ol class="list" reversed>
${dossier.history
  .toReversed()
  .map(
    ({ at, agencyName, text }) =>
      html`<li>${text}<small>${[momentText(at), agencyName].filter((part) => part !== '').join(' · ')}</small></li>`,
  )}
</ol>
<p><a href="/tra-cuu">Tra cứu hồ sơ khác</a></p>`,
  });
}
