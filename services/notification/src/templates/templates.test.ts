import { createLog } from '@lienthong/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, type Values } from '../domain/topics.ts';
import type { TemplateRow } from '../store/templates.ts';
import { KNOWN_TEMPLATES, type KnownTemplate } from './keys.ts';
import { createTemplates, fill } from './templates.ts';

const log = createLog('test', 'silent');
const templates = createTemplates(log);
const render = (key: string, values: Values = {}) => {
  const topic = key.split('/')[0] as keyof typeof EXAMPLES;
  return templates.render(key, { ...EXAMPLES[topic], ...values });
};

const MARKS = /[ăâđêôơư\u1ea0-\u1ef9]/i;

describe('shipped templates', () => {
  it('are there for every topic, channel and language', () => {
    expect(KNOWN_TEMPLATES.size).toBe(19 * 4 * 2);
  });

  it.each([...KNOWN_TEMPLATES.values()])('$key renders its example, with every value or none', (template) => {
    for (const values of [EXAMPLES[template.topic], {}]) {
      const { title, body } = fill(template, values);
      for (const text of [title, body]) {
        expect(text).not.toBe('');
        expect(text).not.toMatch(/[{}]|undefined|null|NaN|Invalid|has[A-Z]|T\d\d:| {2}/);
        expect(text).toBe(text.normalize('NFC').trim());
      }
      expect(title).not.toContain('\n');
    }
    // The values are Vietnamese in either language; the words around them are not.
    const { title, body } = fill(template, {});
    const words = `${title} ${body}`;
    if (template.language === 'vi') expect(words).toMatch(MARKS);
    expect(`${template.title} ${template.body}`).not.toMatch(/(?<!kính )đề nghị Ông\/Bà/i);
    if (template.language === 'en') expect(words).not.toMatch(MARKS);
  });

  it('write Vietnamese dates and times of Vietnam', () => {
    // 20:30 UTC is half past three of the next day in Vietnam.
    const dueAt = '2026-01-20T20:30:00.000Z';
    expect(render('task-assigned/email/vi', { dueAt }).body).toContain(
      'hạn xử lý: 03 giờ 30 phút, thứ Tư, ngày 21/01/2026',
    );
    expect(render('task-assigned/email/en', { dueAt }).body).toContain(
      'due 03:30 on Wednesday, 21 January 2026',
    );
    expect(render('directive-due/sms/vi', { dueOn: '2026-03-01' }).body).toContain('đến hạn ngày 01/3/2026.');
    expect(render('directive-due/sms/en', { dueOn: '2026-03-01' }).body).toContain('due on 1 March 2026.');
  });

  it.each([
    ['{dueAt, time, short} ngày {dueAt, date, short}', '17:00 ngày 09/3/2026'],
    ['{dueAt, time, long}, {dueAt, date, full}', '17 giờ 00 phút, thứ Hai, ngày 09/3/2026'],
    ['ngày {dueAt, date, long}', 'ngày 09 tháng 3 năm 2026'],
    ['{dueAt, date} {dueAt, time}', '09/3/2026 17:00:05'],
    ['{dueAt, date, ::yyyyMMdd}', '09/03/2026'],
  ])('a saved text writes %s as %s', (body, text) => {
    const template = { ...(KNOWN_TEMPLATES.get('overdue/email/vi') as KnownTemplate), body };
    expect(fill(template, { dueAt: '2026-03-09T10:00:05.000Z' }).body).toBe(text);
  });

  it('say that a deadline is provisional', () => {
    const values = { dueAt: '2027-03-02T10:00:00.000Z', dueProvisional: 1 };
    expect(render('task-assigned/email/vi', values).body).toContain(
      'hạn xử lý: 17 giờ 00 phút, thứ Ba, ngày 02/3/2027, tạm tính)',
    );
    const accepted = { ...values, status: 2 };
    expect(render('dossier-status/email/vi', accepted).body).toContain(
      'Thời gian hẹn trả kết quả: 17 giờ 00 phút, thứ Ba, ngày 02/3/2027, tạm tính. Thời gian này được tính lại khi có quyết định về lịch nghỉ lễ, tết.',
    );
    expect(render('dossier-status/sms/en', accepted).body).toMatch(
      /on (Tuesday, )?2 March 2027, provisional\./,
    );
    expect(render('dossier-status/email/vi', { ...accepted, dueProvisional: 0 }).body).not.toContain(
      'tạm tính',
    );
  });

  it('leave out what is not there', () => {
    expect(render('overdue/in-app/vi', { taskName: '', dueAt: '' }).body).toBe(
      'Hồ sơ H61.29542-260115-0007 (Đăng ký biến động quyền sử dụng đất) đã quá hạn.',
    );
    expect(render('document-refused/email/vi', { reason: '' }).body).not.toContain('Lý do');
  });

  it('count in the plural of the language', () => {
    const title = (language: string, count: number) => render(`digest/email/${language}`, { count }).title;
    expect(title('en', 1)).toBe('1 new notification');
    expect(title('en', 2)).toBe('2 new notifications');
    expect(title('en', 0)).toBe('0 new notifications');
    expect(title('en', 1234)).toBe('1,234 new notifications');
    expect(title('vi', 1)).toBe('1 thông báo mới');
    expect(title('vi', 1234)).toBe('1.234 thông báo mới');
  });

  it('name every status of a dossier', () => {
    const titles = Array.from(
      { length: 10 },
      (_, i) => render('dossier-status/sms/vi', { status: i + 1 }).title,
    );
    expect(new Set(titles).size).toBe(10);
    expect(titles.join()).not.toContain('có thay đổi');
    expect(titles[9]).toBe('Hồ sơ H61.29542-260115-0007: đã trả kết quả');
  });
});

describe('messages to citizens', () => {
  const reason = 'Thiếu bản vẽ\nThiếu giấy tờ';
  it.each([
    [3, ['không được tiếp nhận', 'Lý do: Thiếu bản vẽ\nThiếu giấy tờ', 'kính mời Ông/Bà nộp lại hồ sơ']],
    [5, ['Nội dung cần bổ sung: Thiếu bản vẽ\nThiếu giấy tờ', 'Kính đề nghị Ông/Bà bổ sung giấy tờ']],
    [
      6,
      [
        'Nội dung: Thiếu bản vẽ',
        'thực hiện nghĩa vụ tài chính, số tiền 1.250.000 đồng, tại nơi nộp hồ sơ hoặc trực tuyến, với mã tra cứu ghi trên giấy tiếp nhận hồ sơ, tại https://dichvucong.example.vn/',
      ],
    ],
    [7, ['Lý do: Thiếu bản vẽ', 'Việc giải quyết hồ sơ đã kết thúc']],
    [8, ['Lý do: Thiếu bản vẽ', 'tạm dừng tính']],
    [9, ['Mời Ông/Bà đến nhận kết quả']],
  ])('status %s have the reason and the next step', (status, parts) => {
    const { body } = render('dossier-status/email/vi', { status, reason });
    for (const part of parts) expect(body).toContain(part);
    expect(render('dossier-status/email/vi', { status, reason: '' }).body).not.toMatch(/Lý do|Nội dung/);
  });

  it('say who received and who solves, when, and where to see it', () => {
    for (const topic of ['status', 'extended', 'recomputed', 'rerouted'])
      expect(render(`dossier-${topic}/email/vi`).body).toContain(
        [
          'Nơi tiếp nhận: Ủy ban nhân dân Phường 9; người tiếp nhận: Trần Thị Bình; thời gian nộp: 09 giờ 30 phút, thứ Năm, ngày 15/01/2026.',
          'Cơ quan giải quyết: Ủy ban nhân dân xã Tân Hòa; người giải quyết: Phạm Văn Cường.',
          'Cập nhật lúc 10 giờ 15 phút, thứ Sáu, ngày 16/01/2026.',
          '',
          'Kính mời Ông/Bà xem tình trạng hồ sơ, với mã tra cứu ghi trên giấy tiếp nhận hồ sơ, tại:',
          'https://dichvucong.example.vn/tra-cuu?ma=H61.29542-260115-0007',
        ].join('\n'),
      );
  });

  it('apologise with the old and the new date', () => {
    expect(render('dossier-extended/email/vi').body).toContain(
      [
        'Ủy ban nhân dân xã Tân Hòa xin lỗi Ông/Bà vì chưa trả được kết quả hồ sơ H61.29542-260115-0007 (Đăng ký khai sinh) đúng hẹn.',
        '',
        'Lý do: Cơ quan phối hợp chưa có ý kiến',
        '',
        'Thời gian đã hẹn: 17 giờ 00 phút, thứ Sáu, ngày 16/01/2026.',
        'Thời gian hẹn trả kết quả mới: 17 giờ 00 phút, thứ Ba, ngày 20/01/2026.',
      ].join('\n'),
    );
  });

  it.each([
    [2, 'Kết quả được gửi đến Ông/Bà qua dịch vụ bưu chính.'],
    [3, 'Mời Ông/Bà nhận kết quả bản điện tử'],
    [0, 'Mời Ông/Bà đến nhận kết quả'],
  ])('say how the result is taken: %s', (returnWay, text) => {
    expect(render('dossier-status/sms/vi', { status: 9, returnWay }).body).toContain(text);
  });

  it('say that their address takes no replies', () => {
    for (const { key, channel, language } of KNOWN_TEMPLATES.values())
      if (channel === 'email')
        expect(render(key).body).toContain(language === 'vi' ? 'không nhận thư trả lời' : 'takes no replies');
  });
});

describe('values', () => {
  it.each([...KNOWN_TEMPLATES.keys()])('of either Unicode form give %s', (key) => {
    const example = EXAMPLES[key.split('/')[0] as keyof typeof EXAMPLES];
    const [composed, decomposed] = (['NFC', 'NFD'] as const).map((form) =>
      render(
        key,
        Object.fromEntries(
          Object.entries(example).map(([name, value]) => [
            name,
            typeof value === 'string' ? value.normalize(form) : value,
          ]),
        ),
      ),
    );
    expect(decomposed).toEqual(composed);
  });

  it('give the same text in either Unicode form', () => {
    const name = 'Ủy ban nhân dân xã Tân Hòa';
    const [composed, decomposed] = ['NFC', 'NFD'].map((form) =>
      render('document-received/email/vi', { agencyName: name.normalize(form) }),
    );
    expect(decomposed).toEqual(composed);
  });

  it.each([
    ['placeholders', '{dossierCode}, {x, plural, other {#}} và {'],
    ['quotes of MessageFormat', "'{'' '' '}'"],
    ['names of objects', 'constructor'],
    ['markup', '<b onclick="x()">Khẩn</b>'],
    ['a dollar sign', '$& $1'],
  ])('are text and nothing else: %s', (_, taskName) => {
    expect(render('task-assigned/in-app/vi', { taskName }).body).toContain(`“${taskName.normalize('NFC')}”`);
  });

  it('make no second line of one, and no header of a title', () => {
    const { title, body } = render('document-received/email/vi', {
      documentNumber: '12/KH\r\nBcc: a@example.vn\u2028\u0000x\u202E',
      subject: 'Kế hoạch\n\nTrân trọng.\n\nKý thay',
    });
    expect(title).toBe('Văn bản đến: 12/KH Bcc: a@example.vn x');
    expect(body).toContain('“Kế hoạch Trân trọng. Ký thay”');
  });

  it('of any kind never make it fail, nor leave a control character', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.constantFrom('', '__proto__', 'x'.repeat(3000)),
    );
    const key = fc.constantFrom(...KNOWN_TEMPLATES.keys());
    fc.assert(
      fc.property(
        key,
        fc.dictionary(
          fc.constantFrom(
            'dueAt',
            'dueOn',
            'status',
            'count',
            'lines',
            'subject',
            'reason',
            'taskName',
            'dossierCode',
          ),
          value,
        ),
        (k, values) => {
          const { title, body } = templates.render(k, values);
          expect(title).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
          expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
          expect([...title].length).toBeLessThanOrEqual(200);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('saved templates', () => {
  const row = (key: string, version: number, title: string): TemplateRow => ({
    key,
    version,
    title,
    body: 'x',
    saved_at: new Date(0),
    saved_by: 'admin',
  });
  function saved(initial: TemplateRow[]) {
    const rows = initial;
    let reads = 0;
    const reader = {
      async query<R>({ name }: { name?: string }): Promise<R[]> {
        reads += 1;
        return (name === 'template-count' ? [{ count: rows.length }] : rows) as R[];
      },
    };
    return { rows, reader, reads: () => reads };
  }
  const KEY = 'overdue/sms/vi';

  it('override the shipped ones from the next reading on, which costs a count when nothing is new', async () => {
    const own = createTemplates(log);
    const { rows, reader, reads } = saved([]);
    expect(own.render(KEY, {}).version).toBe(1);
    await own.refresh(reader);
    expect(reads()).toBe(1);
    rows.push(row(KEY, 2, 'Quá hạn {dossierCode}'));
    await own.refresh(reader);
    await own.refresh(reader);
    expect(reads()).toBe(4);
    expect(own.render(KEY, { dossierCode: 'H61' })).toEqual({ title: 'Quá hạn H61', body: 'x', version: 2 });
  });

  it('that cannot be read, or are of no topic any more, change nothing', async () => {
    const own = createTemplates(log);
    const { reader } = saved([row(KEY, 2, 'Quá hạn {'), row('gone/sms/vi', 2, 'x')]);
    await own.refresh(reader);
    expect(own.render(KEY, {}).version).toBe(1);
  });

  it('with an unknown key are an error of the caller', () => {
    expect(() => templates.render('gone/sms/vi', {})).toThrow('there is no template gone/sms/vi');
  });
});
