import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { candidatesFor } from '../src/completion/candidates.ts';
import { SCRIPTS } from '../src/completion/scripts.ts';
import { createProgram } from '../src/program.ts';

const program = createProgram(() => {});
const candidates = (...words: string[]) => candidatesFor(program, words);

const main = join(import.meta.dirname, '../src/main.ts');

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

/** What another shell completes by its script, or undefined where it is not installed. */
function completedBy(shell: 'zsh' | 'fish', program: string): string[] | undefined {
  if (spawnSync(shell, ['--version']).status !== 0) {
    console.log(`skipped: no ${shell} on this machine`);
    return undefined;
  }
  const run = spawnSync(shell, ['-c', program], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout.trim().split('\n');
}

test('zsh completes by the script', () => {
  // Outside its editor the functions of completion are not there: these print what they get.
  const completed = completedBy(
    'zsh',
    `compdef() { : }; compadd() { shift; print -l -- "$@" }; _files() { print files }
lienthong() { "${process.execPath}" "${main}" "$@" }
${SCRIPTS.zsh}
words=(lienthong operate pa); CURRENT=3; _lienthong
words=(lienthong send --attach ''); CURRENT=4; _lienthong`,
  );
  if (completed) expect(completed).toEqual(['parked', 'files']);
});

test('fish completes by the script', () => {
  const completed = completedBy(
    'fish',
    `function lienthong; "${process.execPath}" "${main}" $argv; end
${SCRIPTS.fish}
complete -C 'lienthong operate pa'`,
  );
  if (completed) expect(completed).toEqual(['parked']);
});
