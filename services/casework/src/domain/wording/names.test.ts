import { describe, expect, test } from 'vitest';
import { capitals, placeOf, unitOfCommittee } from './names.ts';

describe('placeOf gives the place where a paper is issued', () => {
  test.each([
    [['Ủy ban nhân dân xã An Bình', 'Ủy ban nhân dân tỉnh Vĩnh Long'], 'An Bình'],
    [['Sở Tài chính', 'Ủy ban nhân dân tỉnh Vĩnh Long'], 'Vĩnh Long'],
    [['Ủy ban nhân dân thành phố Hồ Chí Minh'], 'Hồ Chí Minh'],
    [['Ủy ban nhân dân phường 1'], 'Phường 1'],
    [['Ủy ban nhân dân thị trấn Cái Nhum'.normalize('NFD')], 'Cái Nhum'],
    [['Văn phòng Chính phủ'], ''],
    [[], ''],
  ])('placeOf(%j) is %j', (names, place) => {
    expect(placeOf(names)).toBe(place);
  });
});

test('capitals() keeps Vietnamese diacritics', () => {
  expect(capitals('Ủy ban nhân dân xã Đường Ngỡ')).toBe('ỦY BAN NHÂN DÂN XÃ ĐƯỜNG NGỠ');
});

test('unitOfCommittee removes "Ủy ban nhân dân"; other agencies give undefined', () => {
  expect(unitOfCommittee('Ủy ban nhân dân xã An Bình')).toBe('xã An Bình');
  expect(unitOfCommittee('Sở Tài chính')).toBeUndefined();
});
