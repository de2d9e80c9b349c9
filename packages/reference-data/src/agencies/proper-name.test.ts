import { expect, test } from 'vitest';
import { properName } from './proper-name.ts';

test.each([
  ['Ủy ban nhân dân phường 9', 'Ủy ban nhân dân Phường 9'],
  ['Ủy ban nhân dân quận 1, phường 12', 'Ủy ban nhân dân Quận 1, Phường 12'],
  ['Ủy ban nhân dân phường Long Châu', 'Ủy ban nhân dân phường Long Châu'],
  ['Tổ chức 1 thành viên', 'Tổ chức 1 thành viên'],
  ['Công an phường 9'.normalize('NFD'), 'Công an Phường 9'],
])('a unit named by a number has a capital: %s', (name, proper) => expect(properName(name)).toBe(proper));
