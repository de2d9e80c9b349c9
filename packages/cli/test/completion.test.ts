import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { candidatesFor } from '../src/completion/candidates.ts';
import { SCRIPTS } from '../src/completion/scripts.ts';
import { createProgram } from '../src/program.ts';

const program = createProgram(() => {});
const candidates = (...words: string[]) => candidatesFor(program, words);

test('commands, their own commands, options and choices are completed', () => {
  expect(candidates('pro')).toEqual(['procedures']);
  expect(candidates('procedures', '')).toEqual(['list', 'check', 'simulate', 'publish', 'help']);
  expect(candidates('operate', 'webhooks', 're')).toEqual(['resume', 'resend']);
  expect(candidates('send', '--sig')).toEqual(['--signer-name', '--signer-position', '--signer-competence']);
  expect(candidates('inbox', '--output', 'j')).toEqual(['json']);
  // The argument of an option is not a command.
  expect(candidates('inbox', '--text', 'send', '--no')).toEqual(['--not-yet-arrived']);
  expect(candidates('send', '--attach', '')).toEqual([]);
  expect(candidates('')).not.toContain('__complete');
});

test('bash completes by the script', () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const run = spawnSync(
    'bash',
    [
      '-c',
      `lienthong() { "${process.execPath}" "${main}" "$@"; }
${SCRIPTS.bash}
COMP_WORDS=(lienthong operate pa); COMP_CWORD=2; _lienthong; echo "\${COMPREPLY[@]}"`,
    ],
    { encoding: 'utf8' },
  );
  expect(run.stdout.trim(), run.stderr).toBe('parked');
});

test.each(['zsh', 'fish'] as const)('the script for %s is one that the shell reads', (shell) => {
  if (spawnSync(shell, ['--version']).status !== 0)
    return console.log(`skipped: no ${shell} on this machine`);
  const run = spawnSync(shell, ['-n'], { input: SCRIPTS[shell], encoding: 'utf8' });
  expect(run.stderr).toBe('');
});
