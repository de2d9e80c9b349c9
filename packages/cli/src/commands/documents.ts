import { type Command, Option } from 'commander';
import { calling, countOf, type OnExit } from '../command.ts';
import { URGENCIES } from '../documents/urgencies.ts';

const many = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** What clerks and systems of agencies do. */
export function documentCommands(program: Command, onExit: OnExit): void {
  program
    .command('send')
    .description('gửi văn bản · issue a document')
    .option('--type <abbreviation>', 'CV, QĐ, KH, … (NĐ 30/2020)')
    .option('--notation <text>', 'ký hiệu, such as UBND-VP')
    .option('--number <text>', 'số; absent: the next one')
    .option('--subject <text>', 'trích yếu')
    .option('--to <code>', 'the code of a recipient; repeat it for each', many)
    .option('--attach <file>', 'a file to send with it; repeat it for each', many)
    .option('--signer-name <name>', 'who signed it')
    .option('--signer-position <text>', 'such as Chủ tịch')
    .option('--signer-competence <text>', 'such as TM. ỦY BAN NHÂN DÂN')
    .option('--promulgated-on <date>', 'YYYY-MM-DD; absent: today')
    .addOption(new Option('--urgency <word>', 'độ khẩn').choices(Object.keys(URGENCIES)))
    .option('--responds-to <id>', 'the document that it answers')
    .option('--request <file>', 'IssueDocumentRequest as JSON, for all other fields; options go before it')
    .option('--request-id <uuid>', 'to send it again after a failure: it is issued once')
    .action(calling(async () => (await import('../documents/send.ts')).send, onExit));
  program
    .command('inbox')
    .description('văn bản đến, mới nhất trước · what has come, newest first')
    .option('--not-yet-arrived', 'only what nobody has reported as arrived')
    .option('--status <code>', 'only in this status, 01 to 06; repeat it for each', many)
    .option('--text <words>', 'words of subject, number or notation, with or without marks')
    .option('--limit <count>', 'at most so many', countOf, 50)
    .action(calling(async () => (await import('../documents/inbox.ts')).inbox, onExit));
  program
    .command('report')
    .description('báo trạng thái gói tin · report the status of a delivery')
    .argument('<delivery>', 'its id, as inbox shows it')
    .argument('<status>', '01 đã đến, 02 từ chối, 03 tiếp nhận, 04 phân công, 05 đang xử lý, 06 hoàn thành')
    .option('--reason <text>', 'required with 02')
    .option('--assignee <name>', 'required with 04')
    .option('--request-id <uuid>', 'to send it again after a failure: it is reported once')
    .action(calling(async () => (await import('../documents/inbox.ts')).report, onExit));
  program
    .command('follow')
    .description('theo dõi sự kiện của cơ quan · events that concern the agency, as they happen')
    .option(
      '--type <name>',
      'only of this type, such as lienthong.routing.v1.DeliverySent; repeat it for each',
      many,
    )
    .option('--cursor-file <file>', 'where the place in the feed is kept, to go on from next time')
    .option('--from-oldest', 'without a cursor: from the oldest event that is kept')
    .option('--count <count>', 'end after so many events', countOf)
    .action(calling(async () => (await import('../documents/follow.ts')).followFeed, onExit));
  program
    .command('track')
    .description('tra cứu hồ sơ hoặc văn bản · where a dossier or a document is')
    .argument('<code>', "a dossier's code, or a document's id")
    .option('--secret-file <file>', "a file with the dossier's secret, to see it as the applicant does")
    .action(calling(async () => (await import('../documents/track.ts')).track, onExit));
}
