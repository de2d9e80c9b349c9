import type { Block, Performer } from '@lienthong/contracts/registry';
import { expect, test } from 'vitest';
import {
  ancestor,
  choice,
  consultation,
  definition,
  Effect,
  handOver,
  holderOf,
  inCalendarDays,
  inDays,
  inHalfDays,
  inMinutes,
  intake,
  Join,
  named,
  outcome,
  parallel,
  sequence,
  step,
  subProcedure,
  Tier,
} from '../testing.ts';
import { draw } from './draw.ts';
import { durationText } from './words.ts';

const lines = (root: Block | undefined, names = {}) =>
  draw(definition(root), names)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

test('relations to the competent agency', () => {
  const by = (performer: Performer['performer']) =>
    lines(sequence('s', step('b', { performer: { performer } })))[2]?.split('<br/>')[1];
  expect(by({ $case: 'competent', value: {} })).toBe('cơ quan có thẩm quyền');
  expect(by({ $case: 'competentAncestor', value: Tier.PROVINCE })).toBe(
    'cơ quan cấp tỉnh của cơ quan có thẩm quyền',
  );
  expect(by({ $case: 'competentFunction', value: 'land' })).toBe(
    'cơ quan phụ trách land của cơ quan có thẩm quyền',
  );
});

test('steps with performer and time, from start to finish', () => {
  expect(lines(sequence('s', step('nhan'), step('ky', { performer: ancestor(Tier.PROVINCE) })))).toEqual([
    'flowchart TD',
    'start(["Tiếp nhận hồ sơ"])',
    'n1["Bước nhan<br/>cơ quan tiếp nhận<br/>1 ngày làm việc"]',
    'n2["Bước ky<br/>cơ quan cấp tỉnh<br/>1 ngày làm việc"]',
    'finish(["Kết thúc"])',
    'start --> n1',
    'n1 --> n2',
    'n2 --> finish',
  ]);
});

test('outcomes lead where they end, returns are dashed', () => {
  const outcomes = [outcome('dat'), outcome('som', Effect.FINISH), outcome('tu-choi', Effect.REFUSE)];
  const drawn = lines(
    sequence('s', step('a'), step('b', { outcomes, returns: [{ to: 'a', atMost: 2 }] }), step('c')),
  );
  expect(drawn).toContain('refused(["Từ chối giải quyết"])');
  expect(drawn.slice(-6)).toEqual([
    'n1 --> n2',
    'n2 -.->|"trả lại, tối đa 2 lần"| n1',
    'n2 -->|"som"| finish',
    'n2 -->|"tu-choi"| refused',
    'n2 -->|"dat"| n3',
    'n3 --> finish',
  ]);
});

test('a parallel is a frame with a fork and a join; the lead is thick', () => {
  expect(lines(parallel('p', Join.LEAD, step('a'), step('b')))).toEqual([
    'flowchart TD',
    'start(["Tiếp nhận hồ sơ"])',
    'subgraph n0s[" "]',
    'n0(("Song song"))',
    expect.stringContaining('n1["Bước a'),
    expect.stringContaining('n2["Bước b'),
    'n0j(("Chờ nhánh chủ trì"))',
    'end',
    'finish(["Kết thúc"])',
    'start --> n0',
    'n0 ==>|"chủ trì"| n1',
    'n0 --> n2',
    'n1 --> n0j',
    'n2 --> n0j',
    'n0j --> finish',
  ]);
});

test('a choice is a diamond with its conditions', () => {
  const drawn = lines(choice('c', [['data.area_m2 > 5.0', step('a')]]));
  expect(drawn).toContain('n0{"Xét điều kiện"}');
  expect(drawn.slice(-4)).toEqual([
    'start --> n0',
    'n0 -->|"data.area#95;m2 #62; 5.0"| n1',
    'n1 --> finish',
    'n0 -->|"còn lại"| finish',
  ]);
});

test('the other kinds of blocks, with names where they are known', () => {
  const id = '0190a0c0-0000-7000-8000-000000000001';
  const root = sequence(
    's',
    consultation('hoi', holderOf('land'), named(id)),
    handOver('len', ancestor(Tier.DISTRICT)),
    subProcedure('phu', '1.000002'),
    handOver('ve', intake, true),
  );
  const names = {
    agency: () => 'Sở Xây dựng',
    function: () => 'đất đai',
    procedure: () => 'Trích lục bản đồ',
  };
  expect(lines(root, names).slice(2, 6)).toEqual([
    'n1{{"Lấy ý kiến hoi<br/>chủ trì: cơ quan tiếp nhận<br/>lấy ý kiến: cơ quan phụ trách đất đai#59; Sở Xây dựng<br/>2 ngày làm việc"}}',
    'n2[/"Chuyển len<br/>chuyển đến cơ quan cấp huyện<br/>4 giờ làm việc tại mỗi nơi nhận"/]',
    'n3[["Thủ tục phu<br/>thủ tục Trích lục bản đồ<br/>tiếp nhận: cơ quan tiếp nhận"]]',
    'n4[/"Chuyển ve<br/>trả kết quả về cơ quan tiếp nhận<br/>4 giờ làm việc tại mỗi nơi nhận"/]',
  ]);
  expect(lines(root).join('\n')).toContain(`cơ quan ${id}`);
});

test('no text can leave its box, in either Unicode form', () => {
  const name = '1. "Hồ sơ"]\n  end --> x{<b>#1;</b>} | `đất`';
  for (const form of ['NFC', 'NFD']) {
    const drawn = lines(step('a', { name: name.normalize(form) }));
    expect(drawn[2]).toBe(
      'n0["1#46; #34;Hồ sơ#34;#93; end --#62; x#123;#60;b#62;#35;1#59;#60;/b#62;#125; #124; #96;đất#96;<br/>cơ quan tiếp nhận<br/>1 ngày làm việc"]',
    );
  }
});

test('what is not sound yet, or too large, is drawn as far as it goes', () => {
  expect(lines(undefined)).toEqual([
    'flowchart TD',
    'start(["Tiếp nhận hồ sơ"])',
    'finish(["Kết thúc"])',
    'start --> finish',
  ]);
  expect(lines({ key: 'a', block: undefined })).toContain('start --> finish');
  expect(lines(sequence('s', step('a', { performer: undefined, name: '', timeLimit: undefined })))[2]).toBe(
    'n1["a<br/>chưa rõ cơ quan thực hiện"]',
  );
  const many = sequence('s', ...Array.from({ length: 501 }, (_, i) => step(`a${i}`)));
  expect(lines(many)).toEqual(['flowchart TD', 'start["Quy trình quá lớn, không vẽ được"]']);
});

test('half days and calendar days in words', () => {
  expect([inHalfDays(1), inHalfDays(3), inCalendarDays(0), inCalendarDays(10)].map(durationText)).toEqual([
    '0,5 ngày làm việc',
    '1,5 ngày làm việc',
    'trong ngày',
    '10 ngày',
  ]);
});

test('durations in words', () => {
  expect(
    [inDays(0), inDays(15), inMinutes(240), inMinutes(90), inMinutes(30), inMinutes(0), undefined].map(
      durationText,
    ),
  ).toEqual([
    'trong ngày',
    '15 ngày làm việc',
    '4 giờ làm việc',
    '1 giờ 30 phút làm việc',
    '30 phút làm việc',
    '0 phút làm việc',
    undefined,
  ]);
});
