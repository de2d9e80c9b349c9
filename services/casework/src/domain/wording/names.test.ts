import { describe, expect, test } from 'vitest';
import { capitals, placeOf, unitOfCommittee } from './names.ts';

describe('the place of a paper', () => {
  test.each([
    [['Ủy ban nhân dân xã An Bình', 'Ủy ban nhân dân tỉnh Vĩnh Long'], 'An Bình'],
    [['Sở Tài chính', 'Ủy ban nhân dân tỉnh Vĩnh Long'], 'Vĩnh Long'],
    [['Ủy ban nhân dân thành phố Hồ Chí Minh'], 'Hồ Chí Minh'],
    [['Ủy ban nhân dân phường 1'], 'Phường 1'],
    [['Ủy ban nhân dân thị trấn Cái Nhum'.normalize('NFD')], 'Cái Nhum'],
    [['Văn phòng Chính phủ'], ''],
    [[], ''],
  ])('%j', (names, place) => {
    expect(placeOf(names)).toBe(place);
  });
});

test('capitals keep their marks', () => {
  expect(capitals('Ủy ban nhân dân xã Đường Ngỡ')).toBe('ỦY BAN NHÂN DÂN XÃ ĐƯỜNG NGỠ');
});

test('the unit of a people’s committee', () => {
  expect(unitOfCommittee('Ủy ban nhân dân xã An Bình')).toBe('xã An Bình');
  expect(unitOfCommittee('Sở Tài chính')).toBeUndefined();
});
