import { Argument, type Command } from 'commander';
import { candidatesFor } from './candidates.ts';
import { SCRIPTS } from './scripts.ts';

type Shell = keyof typeof SCRIPTS;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('tự điền lệnh trong shell · completion for a shell: source <(lienthong completion bash)')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .action((shell: Shell) => void process.stdout.write(SCRIPTS[shell]));
}

/** For the scripts: a line for each word that may stand in place of the last one. */
export function printCandidates(program: Command, words: readonly string[]): void {
  for (const word of candidatesFor(program, words)) process.stdout.write(`${word}\n`);
}
