export type { Paper } from '../content.ts';
export { renderHtml } from './render.ts';
