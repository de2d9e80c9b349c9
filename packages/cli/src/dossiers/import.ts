import { DossierImport, type StagedDossier } from '@lienthong/contracts/casework';
import { printable } from '@lienthong/verify/printable';
import type { Work } from '../command.ts';
import { Exit } from '../failure.ts';
import { readText } from '../token.ts';
import { parseLines } from './lines.ts';
import { openReceipts } from './receipts.ts';

interface ImportOptions {
  system: string;
  receipts?: string;
  checkOnly?: boolean;
}

/**
 * Moves a file's dossiers in, all or none. After an interruption the same command goes on: lines whose receipts are kept
 * and that are as they were are not sent again.
 */
export async function importFile({ client, out, options, args }: Work<ImportOptions>): Promise<Exit> {
  const [file = ''] = args;
  const { system, receipts: receiptsFile = `${file}.receipts`, checkOnly = false } = options;
  const lines = parseLines(await readText(file, 'the file of dossiers'), file);
  const receipts = await openReceipts(receiptsFile);
  const faulty: StagedDossier[] = [];
  const moving = client.importDossiers({
    importId: receipts.importId,
    system,
    dossiers: lines.map(({ dossier }) => dossier),
    checkOnly,
    isKept: (line) => receipts.has(line, lines[line]?.digest ?? ''),
    async onStaged(staged) {
      await receipts.keep(staged.map((one) => ({ ...one, digest: lines[one.line]?.digest ?? '' })));
      faulty.push(...staged.filter(({ faults }) => faults.length > 0));
      // For somebody who waits at a terminal.
      if (process.stderr.isTTY) out.note(`${(staged.at(-1)?.line ?? 0) + 1}/${lines.length}`);
    },
  });
  // All of them: a refusal has room for a few. A line with faults has no receipt, so it is sent each time.
  const done = await moving.finally(() => {
    for (const { line, faults } of faulty)
      for (const { field, description } of faults)
        out.note(printable(`${file}:${lines[line]?.at}: ${field}: ${description}`));
  });
  const { imported, faulty: wrong } = done;
  out.one(DossierImport.toJSON(done), () => [
    checkOnly
      ? `Đã kiểm tra ${done.lines} hồ sơ, ${wrong} hồ sơ có lỗi / checked ${done.lines} dossiers, ${wrong} with faults`
      : `Đã chuyển ${imported} hồ sơ; mã và mã tra cứu ở ${receiptsFile} / moved ${imported} dossiers in; ids and secrets are in ${receiptsFile}`,
  ]);
  return wrong > 0 ? Exit.REFUSED : Exit.DONE;
}
