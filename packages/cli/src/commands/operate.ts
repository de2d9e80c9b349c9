import type { Command } from 'commander';
import { calling, countOf, type OnExit } from '../command.ts';
import { CHANGES, type Change } from '../operate/changes.ts';

const many = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** What operators of the platform do, and agencies with their webhooks. */
export function operateCommands(program: Command, onExit: OnExit): void {
  const operate = program.command('operate').description('vận hành nền tảng · operation of the platform');
  operate
    .command('status')
    .description(
      'nhật ký sự kiện và các bộ tiêu thụ · how far event logs and consumers are; 1: one halts or parks',
    )
    .action(calling(async () => (await import('../operate/events.ts')).status, onExit));
  operate
    .command('parked')
    .description('sự kiện bị gác lại · events that kept failing')
    .argument('[service]', 'absent: of all services')
    .argument('[consumer]', 'absent: of all its consumers')
    .option('--limit <count>', 'at most so many of each consumer', countOf, 50)
    .action(calling(async () => (await import('../operate/events.ts')).parked, onExit));
  operate
    .command('replay')
    .description('xử lý lại sự kiện bị gác · hand parked events to their consumer again, in order')
    .argument('<service>')
    .argument('<consumer>')
    .option('--aggregate <id>', 'only those of one aggregate')
    .action(calling(async () => (await import('../operate/events.ts')).replay, onExit));
  const webhooks = operate
    .command('webhooks')
    .description('webhook của cơ quan · the webhooks of the agency');
  webhooks
    .command('list')
    .description('các webhook và việc gửi · webhooks, and how they fare')
    .action(calling(async () => (await import('../operate/webhooks.ts')).list, onExit));
  webhooks
    .command('create')
    .description('tạo webhook; khóa ký chỉ hiện lúc này · create one; its secret is shown only now')
    .argument('<url>', 'https://…')
    .option('--type <name>', 'only events of this type; repeat it for each', many)
    .option('--description <text>', 'for people')
    .option('--request-id <uuid>', 'to send it again after a failure')
    .action(calling(async () => (await import('../operate/webhooks.ts')).create, onExit));
  for (const [name, words] of Object.entries(CHANGES))
    webhooks
      .command(name)
      .description(words)
      .argument('<id>', 'as list shows it')
      .option('--request-id <uuid>', 'to send it again after a failure')
      .action(calling(async () => (await import('../operate/webhooks.ts')).changes[name as Change], onExit));
  webhooks
    .command('attempts')
    .description('các lần gửi, mới nhất trước · attempts, newest first')
    .argument('<id>', 'as list shows it')
    .option('--failed', 'only those that failed')
    .option('--limit <count>', 'at most so many', countOf, 50)
    .action(calling(async () => (await import('../operate/webhooks.ts')).attempts, onExit));
  webhooks
    .command('resend')
    .description('gửi lại · send events again')
    .argument('<id>', 'as list shows it')
    .option('--event <id>', 'this event')
    .option('--since <time>', 'all events since then, such as 2026-01-15T08:00:00+07:00')
    .option('--request-id <uuid>', 'to send it again after a failure')
    .action(calling(async () => (await import('../operate/webhooks.ts')).resend, onExit));
}
