import { Command, Option } from 'commander';
import { countOf, type OnExit } from './command.ts';
import { conformanceCommands } from './commands/conformance.ts';
import { documentCommands } from './commands/documents.ts';
import { dossierCommands } from './commands/dossiers.ts';
import { loginCommands } from './commands/login.ts';
import { operateCommands } from './commands/operate.ts';
import { procedureCommands } from './commands/procedures.ts';
import { addCompletion } from './completion/command.ts';
import { ENVIRONMENT } from './config.ts';
import { FORMATS } from './output/output.ts';
import { VERSION } from './version.ts';

/** All commands with their options. */
export function createProgram(onExit: OnExit): Command {
  const program = new Command('lienthong')
    .description(
      'Liên Thông: văn bản, hồ sơ, thủ tục, vận hành, kiểm tra nhật ký · documents, dossiers, operation',
    )
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(lienthong --help)')
    .configureHelp({ showGlobalOptions: true });
  const from = (name: keyof typeof ENVIRONMENT) => `(${ENVIRONMENT[name]})`;
  program
    .option('--address <host:port>', `where the platform listens ${from('address')}`)
    .option(
      '--ca <file>',
      `authorities that the platform's certificate is checked against, PEM ${from('ca')}`,
    )
    .option('--plaintext', 'no TLS, for a platform on this machine')
    .option('--token-file <file>', `a file with the caller's token ${from('tokenFile')}`)
    .option('--cert <file>', `the certificate of the calling system, PEM ${from('cert')}`)
    .option('--key <file>', `its key, PEM ${from('key')}`)
    .option('--login <name>', `the login to use ${from('login')}`)
    .option('--timeout <seconds>', 'the longest time for a call with its retries', countOf)
    .addOption(new Option('--output <format>', 'how results are printed').choices(FORMATS).default('table'));
  loginCommands(program);
  documentCommands(program, onExit);
  dossierCommands(program, onExit);
  procedureCommands(program, onExit);
  operateCommands(program, onExit);
  conformanceCommands(program, onExit);
  program
    .command('verify')
    .description(
      'kiểm tra bằng chứng, bản xuất, điểm kiểm tra của nhật ký · check what the audit log has given out',
    )
    .argument('<file...>', 'see lienthong verify --help')
    .helpOption(false);
  addCompletion(program);
  return program;
}
