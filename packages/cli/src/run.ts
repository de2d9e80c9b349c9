import { CommanderError } from 'commander';
import { printCandidates } from './completion/command.ts';
import { Exit } from './failure.ts';
import { createProgram } from './program.ts';

/**
 * Runs a command.
 * @param args what stands after `lienthong`
 * @returns the exit status
 */
export async function run(args: readonly string[]): Promise<number> {
  let exit: Exit = Exit.DONE;
  const program = createProgram((ended) => {
    exit = ended;
  });
  const [command, ...words] = args;
  // What is typed is not parsed: it may be half an option.
  if (command === '__complete') {
    printCandidates(program, words);
    return exit;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exit;
  } catch (error) {
    // commander has printed why.
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.DONE : Exit.USAGE;
    const { reportOfError } = await import('./report-error.ts');
    const report = reportOfError(error);
    if (report === undefined) throw error;
    const { output } = program.opts<{ output?: string }>();
    process.stderr.write(`${output === 'json' ? JSON.stringify({ error: report.json }) : report.text}\n`);
    return report.exit;
  }
}
