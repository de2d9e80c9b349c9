import { html } from 'hono/html';
import type { Session } from '../session/session.ts';
import { type Html, page } from './layout.ts';

export const homePage = (session: Session | undefined): Html =>
  page({
    title: 'Liên Thông',
    content: html`<ul>
<li><a href="/tra-cuu">Tra cứu hồ sơ</a>: hồ sơ đang ở đâu, bao giờ xong.</li>
<li><a href="/thu-tuc">Thủ tục hành chính</a>: cần giấy tờ gì, mất bao lâu, hết bao nhiêu tiền.</li>
<li><a href="/so-lieu">Số liệu</a>: các cơ quan giải quyết hồ sơ có đúng hạn không.</li>
</ul>
<h2>Dành cho cán bộ</h2>
${
  session === undefined
    ? html`<p><a href="/auth/login?to=/lam-viec/">Đăng nhập</a></p>`
    : html`<p>Đã đăng nhập: <strong>${session.fullName}</strong></p>
<p><a href="/lam-viec/">Vào làm việc</a></p>
<form method="post" action="/auth/logout"><button>Đăng xuất</button></form>`
}`,
  });
