import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Person } from './person.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 36rem; margin: 2rem auto; padding: 0 1rem; }
form { margin: 0; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
button, input { font: inherit; padding: .6rem .8rem; border-radius: .4rem; border: 1px solid; }
li button { width: 100%; text-align: start; background: none; color: inherit; cursor: pointer; }
.search { display: flex; gap: .5rem; margin: 1rem 0; }
.search input { flex: 1; min-width: 0; }
small { display: block; }
`;

const page = (title: string, content: Html): Html => html`<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>`;

/**
 * Whom to sign in as: one button for each, and a search by the name of the agency.
 * @param request the secret of the request, which the choice brings back
 * @param url of the request, whose parameters a search repeats
 */
export function choicePage(request: string, people: readonly Person[], search: string, url: string): Html {
  const repeated = [...new URL(url).searchParams].filter(([name]) => name !== 'search');
  return page(
    'Đăng nhập thử',
    html`<p>Máy chủ này chỉ để dùng thử và phát triển: ai cũng đăng nhập được dưới tên bất kỳ cán bộ nào.</p>
<form class="search" method="get" action="/authorize" role="search">
${repeated.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<input type="search" name="search" value="${search}" maxlength="100" aria-label="Tên cơ quan" placeholder="Tên cơ quan, ví dụ Long Châu">
<button>Tìm</button>
</form>
${people.length === 0 ? html`<p>Không tìm thấy cơ quan nào có cán bộ.</p>` : ''}
<form method="post" action="/authorize">
<input type="hidden" name="request" value="${request}">
<ul>
${people.map(
  ({ fullName, about }, i) =>
    html`<li><button name="person" value="${i}"><strong>${fullName}</strong><small>${about}</small></button></li>`,
)}
</ul>
</form>`,
  );
}

export const troublePage = (message: string): Html => page('Không đăng nhập được', html`<p>${message}</p>`);
