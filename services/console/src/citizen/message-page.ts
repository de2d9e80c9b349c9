import { html } from 'hono/html';
import { type Html, page } from './layout.ts';

/** A page that says one thing, such as why something cannot be shown. */
export const messagePage = (title: string, message: string): Html =>
  page({ title, content: html`<p role="alert">${message}</p><p><a href="/">Về trang đầu</a></p>` });
