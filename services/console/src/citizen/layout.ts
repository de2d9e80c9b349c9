import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface PageOptions {
  title: string;
  content: Html;
}

/** A page for everybody, which works without JavaScript. */
export const page = ({ title, content }: PageOptions): Html => html`<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Liên Thông</title>
<link rel="stylesheet" href="/citizen.css">
</head>
<body>
<a class="skip" href="#noi-dung">Đến nội dung</a>
<header>
<nav aria-label="Trang chính">
<a href="/"><strong>Liên Thông</strong></a>
<a href="/tra-cuu">Tra cứu hồ sơ</a>
<a href="/thu-tuc">Thủ tục hành chính</a>
<a href="/so-lieu">Số liệu</a>
</nav>
</header>
<main id="noi-dung">
<h1>${title}</h1>
${content}
</main>
</body>
</html>`;
