import type { Command } from 'commander';
import { calling, countOf, type OnExit } from '../command.ts';
import type { CallsOptions } from '../conformance/calls.ts';
import type { WebhookOptions } from '../conformance/webhook.ts';

/** What those do who connect a system, before it goes into use. */
export function conformanceCommands(program: Command, onExit: OnExit): void {
  const conformance = program
    .command('conformance')
    .description('kiểm tra hệ thống kết nối · try a system that connects, and report');
  conformance
    .command('webhook')
    .description('gửi sự kiện thật và giả đến hệ thống · send genuine and forged events to its address')
    .argument('<url>', 'the address that takes webhooks')
    .requiredOption('--secret-file <file>', 'a file with the secret of the webhook, whsec_…')
    .action(async (url: string, _: object, command: Command) => {
      const { checkWebhook } = await import('../conformance/webhook.ts');
      onExit(await checkWebhook(url, command.optsWithGlobals<WebhookOptions>()));
    });
  conformance
    .command('documents')
    .description(
      'gửi văn bản rồi xem hệ thống báo gì · send documents to its agency, and look at what it reports',
    )
    .requiredOption('--to <code>', 'the code of its agency')
    .option('--wait <seconds>', 'how long it may take for each', countOf, 60)
    .action(calling(async () => (await import('../conformance/documents.ts')).checkDocuments, onExit));
  conformance
    .command('calls')
    .description(
      'đứng giữa hệ thống và nền tảng, làm mất trả lời và đường truyền · stand between the system and the platform, and lose replies and streams',
    )
    .option('--listen <address>', 'where the system calls, host:port', '127.0.0.1:50052')
    .option('--for <seconds>', 'how long', countOf, 60)
    .action(async (_: object, command: Command) => {
      const { checkCalls } = await import('../conformance/calls.ts');
      onExit(await checkCalls(command.optsWithGlobals<CallsOptions>()));
    });
}
