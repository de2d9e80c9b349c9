export type { Block, Column, Field, Fields, Letterhead, Note, Paper, Run, Table } from './content.ts';
export { renderHtml } from './html/render.ts';
export { createPress, type PaperFormat, type Press } from './press.ts';
