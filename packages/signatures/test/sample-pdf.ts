import { createPress, type Paper } from '@lienthong/paper';

const paper: Paper = {
  title: 'Quyết định',
  orientation: 'portrait',
  at: Date.parse('2026-01-05T08:40+07:00'),
  blocks: [
    { kind: 'title', text: 'QUYẾT ĐỊNH', note: '' },
    { kind: 'fields', lines: [[{ label: 'Lý do', value: 'Hồ sơ không thuộc thẩm quyền giải quyết.' }]] },
  ],
};

/** A paper as the platform prints it. */
export async function samplePdf(): Promise<Buffer> {
  const press = createPress();
  try {
    return await press.print(paper, 'pdf');
  } finally {
    await press.stop();
  }
}
