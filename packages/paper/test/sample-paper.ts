import type { Paper } from '../src/index.ts';

/** Values of the sample that a test may set. */
export interface Sample {
  name?: string;
  code?: string;
}

/** A paper with every kind of block but a table. */
export const samplePaper = ({
  name = 'Nguyễn Thị Bích Ngọc',
  code = 'H61-260105-0001',
}: Sample = {}): Paper => ({
  title: `Giấy tiếp nhận ${code}`,
  orientation: 'portrait',
  at: Date.parse('2026-01-05T08:40+07:00'),
  blocks: [
    {
      kind: 'letterhead',
      superior: '',
      agency: 'ỦY BAN NHÂN DÂN XÃ AN BÌNH',
      unit: 'BỘ PHẬN TIẾP NHẬN\nVÀ TRẢ KẾT QUẢ',
      number: '260105-0001/TNHS',
      placeAndDate: 'An Bình, ngày 05 tháng 01 năm 2026',
      code,
    },
    { kind: 'title', text: 'GIẤY TIẾP NHẬN', note: '(Liên: Lưu)' },
    {
      kind: 'paragraph',
      runs: [
        { text: 'Kính gửi: ' },
        { text: 'Ông/Bà', face: 'bold' },
        { text: ' (bản chính)', face: 'italic' },
      ],
    },
    {
      kind: 'fields',
      lines: [
        [{ label: 'Tiếp nhận hồ sơ của', value: name }],
        [
          { label: 'Số điện thoại', value: '0912 345 678' },
          { label: 'Email', value: 'ngoc@example.vn' },
        ],
      ],
    },
    { kind: 'list', items: ['Đơn đăng ký', 'Giấy chứng nhận'] },
    {
      kind: 'signatures',
      parties: [
        { title: 'NGƯỜI NỘP', hint: '(Ký và ghi rõ họ tên)', name },
        { title: 'NGƯỜI NHẬN', hint: '(Ký và ghi rõ họ tên)', name: 'Trần Văn Hữu Đức' },
      ],
    },
    { kind: 'note', text: 'Giữ giấy này để nhận kết quả.' },
  ],
});

/** A landscape table with grouped and numbered headers. */
export const sampleTable = (rows: readonly (readonly string[])[]): Paper => ({
  title: 'Sổ theo dõi',
  orientation: 'landscape',
  at: Date.parse('2026-02-01T00:00+07:00'),
  blocks: [
    { kind: 'title', text: 'SỔ THEO DÕI', note: '' },
    {
      kind: 'table',
      caption: 'Hồ sơ đã tiếp nhận',
      numbered: true,
      size: 'small',
      empty: 'Không có hồ sơ nào.',
      columns: [
        { header: 'Mã hồ sơ', width: 12 },
        { header: 'Tên thủ tục hành chính', width: 14 },
        { header: 'Địa chỉ', width: 12 },
        { header: 'Nhận', group: 'Ngày', width: 6, align: 'center' },
        { header: 'Hẹn trả', group: 'Ngày', width: 6, align: 'center' },
        { header: 'Ghi chú', width: 8 },
      ],
      rows,
    },
  ],
});

/** A row of `sampleTable`, some lines high. */
export const sampleRow = (code: string, address = 'Ấp An Thành, xã An Bình'): string[] => [
  code,
  'Đăng ký biến động quyền sử dụng đất',
  address,
  '05/01/2026',
  '26/01/2026',
  '',
];
