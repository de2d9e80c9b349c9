import type { Command } from 'commander';
import type { GlobalOptions } from '../command.ts';

interface LoginOptions extends GlobalOptions {
  name: string;
  issuer?: string;
  clientId?: string;
  clientSecretFile?: string;
  scope?: string;
  resource?: string;
}

export function loginCommands(program: Command): void {
  program
    .command('login')
    .description(
      'lưu nơi kết nối và cách đăng nhập, sau khi thử · keep where to connect and who calls, once it works',
    )
    .option('--name <name>', 'the name of this login', 'default')
    .option('--issuer <url>', 'an OpenID provider that gives tokens to the system')
    .option('--client-id <id>', 'the system there')
    .option('--client-secret-file <file>', 'a file with its secret')
    .option('--scope <scope>', 'the scope of its tokens')
    .option('--resource <uri>', 'the resource of its tokens (RFC 8707)')
    .addHelpText(
      'after',
      '\nOne of --token-file, --cert with --key, or --issuer with --client-id and --client-secret-file.\n' +
        'The login names these files and holds no secret itself.',
    )
    .action(async (_options: object, command: Command) => {
      const options = command.optsWithGlobals<LoginOptions>();
      await (await import('../login.ts')).logIn(options);
    });
  program
    .command('logout')
    .description('bỏ cách đăng nhập đã lưu · forget a login')
    .action(async (_options: object, command: Command) => {
      await (await import('../login.ts')).logOut(command.optsWithGlobals<GlobalOptions>());
    });
}
