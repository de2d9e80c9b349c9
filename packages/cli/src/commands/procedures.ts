import type { Command } from 'commander';
import { calling, countOf, type OnExit } from '../command.ts';

/** What the administrator does who keeps the register of procedures. */
export function procedureCommands(program: Command, onExit: OnExit): void {
  const procedures = program
    .command('procedures')
    .description('thủ tục hành chính · the register of procedures');
  procedures
    .command('list')
    .description('thủ tục có hiệu lực · procedures in force')
    .argument('[words]', 'of name, code, keywords or field, with or without marks')
    .option('--limit <count>', 'at most so many', countOf, 50)
    .action(calling(async () => (await import('../procedures/list.ts')).list, onExit));
  procedures
    .command('check')
    .description('nhập định nghĩa thành dự thảo và kiểm tra · keep definitions as drafts, and check them')
    .argument('<file>', 'definitions as YAML, divided by ---')
    .option('--request-id <uuid>', 'to send it again after a failure')
    .action(calling(async () => (await import('../procedures/check.ts')).check, onExit));
  procedures
    .command('simulate')
    .description(
      'mô phỏng dự thảo, hoặc bản có hiệu lực · what the draft, or the version in force, would mean',
    )
    .argument('<code>', 'the code of the procedure')
    .requiredOption('--intake <code>', 'the code of the agency that takes in')
    .option('--yearly <count>', 'dossiers in a year, to see the load', countOf)
    .action(calling(async () => (await import('../procedures/simulate.ts')).simulate, onExit));
  procedures
    .command('publish')
    .description('công bố dự thảo đã kiểm tra · publish the checked draft')
    .argument('<code>', 'the code of the procedure')
    .requiredOption('--decision <number>', 'such as 01/QĐ-UBND')
    .requiredOption('--signer-name <name>', 'who signed the decision')
    .requiredOption('--signer-position <text>', 'such as Chủ tịch')
    .option('--decided-on <date>', 'YYYY-MM-DD; absent: today')
    .option('--effective-on <date>', 'YYYY-MM-DD; absent: today')
    .option('--request-id <uuid>', 'to send it again after a failure')
    .action(calling(async () => (await import('../procedures/publish.ts')).publish, onExit));
}
