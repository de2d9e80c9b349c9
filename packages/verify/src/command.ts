import { writeFile } from 'node:fs/promises';
import { readArguments, USAGE } from './arguments.ts';
import { CannotCheck } from './cannot-check.ts';
import { formatReport, reportOf } from './report.ts';
import { verify } from './verify.ts';

/**
 * Runs `lienthong verify` with the arguments after the command, and prints what it found.
 * @returns the exit status: 0 all of it is believed, 1 something is not, 2 nothing can be said, because a file or an
 * argument is missing
 */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  try {
    const { jsonFile, ...rest } = readArguments(args);
    const report = await reportOf(verify(rest));
    if (jsonFile) await writeFile(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
    console.log(formatReport(report));
    return report.ok ? 0 : 1;
  } catch (error) {
    // A fault of this program is not a verdict either.
    if (error instanceof CannotCheck)
      console.error(`KHÔNG KIỂM TRA ĐƯỢC: ${error.vi}\nCANNOT CHECK: ${error.message}\n\n${USAGE}`);
    else console.error('KHÔNG KIỂM TRA ĐƯỢC: lỗi của chương trình\nCANNOT CHECK: the program failed:', error);
    return 2;
  }
}
