import type { Command } from 'commander';
import { calling, type OnExit } from '../command.ts';

/** What those do who move from another one-stop system. */
export function dossierCommands(program: Command, onExit: OnExit): void {
  program
    .command('import')
    .description(
      'chuyển hồ sơ đang giải quyết từ hệ thống khác · move running dossiers in from another system',
    )
    .argument('<file>', 'ImportedDossier as JSON, one a line')
    .requiredOption('--system <name>', 'the name of the other system')
    .option(
      '--receipts <file>',
      'where ids and secrets of the dossiers are kept, to go on from next time; absent: <file>.receipts',
    )
    .option('--check-only', 'only check the lines; nothing is moved')
    .action(calling(async () => (await import('../dossiers/import.ts')).importFile, onExit));
}
