import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { expect, it } from 'vitest';
import { applyControl, CONTROLS } from './controls.ts';

it.each(Object.entries(CONTROLS))('finds what %s replaces, and the result parses', (_, control) => {
  const source = readFileSync(new URL(`../../../${control.file}`, import.meta.url), 'utf8');
  const broken = applyControl(control, source);
  expect(broken).not.toBe(source);
  expect(() => stripTypeScriptTypes(broken)).not.toThrow();
});

it('refuses a text that is not there once', () => {
  const control = { file: 'a.ts', text: 'x', replacement: 'y' };
  expect(() => applyControl(control, 'abc')).toThrow('0 times');
  expect(() => applyControl(control, 'x x')).toThrow('2 times');
});
