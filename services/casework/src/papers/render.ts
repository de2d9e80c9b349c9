import { Format } from '@lienthong/contracts/casework';
import type { Paper } from './content.ts';
import { renderHtml } from './html/render.ts';
import type { PdfPress } from './pdf/press.ts';

export interface Rendered {
  contentType: string;
  content: Buffer;
}

export async function render(press: PdfPress, paper: Paper, format: Format): Promise<Rendered> {
  return format === Format.PDF
    ? { contentType: 'application/pdf', content: await press.print(paper) }
    : { contentType: 'text/html; charset=utf-8', content: Buffer.from(renderHtml(paper)) };
}
