import { SimulateProcedureResponse } from '@lienthong/contracts/registry';
import type { Work } from '../command.ts';
import { formatTable } from '../output/table.ts';
import { timeText, today } from '../output/words.ts';
import { newestOf } from './version-of.ts';

export async function simulate({
  client,
  out,
  options,
  args,
}: Work<{ intake: string; yearly?: number }>): Promise<void> {
  const [code = ''] = args;
  const procedureId = await newestOf(client, code);
  const { agency } = await client.directory.resolveCode({
    code: { scheme: '', code: options.intake },
    at: today(),
  });
  const reply = await client.procedures.simulateProcedure({
    subject: { $case: 'procedureId', value: procedureId },
    intakeAgencyId: agency?.id ?? '',
    yearlyVolume: options.yearly ?? 0,
  });
  const { steps, loads, earliestFinish, latestFinish, legalDeadline } = reply;
  out.one(SimulateProcedureResponse.toJSON(reply), () => [
    `Sớm nhất ${timeText(earliestFinish)}, muộn nhất ${timeText(latestFinish)}, hạn theo luật ${timeText(legalDeadline)}`,
    '',
    formatTable(
      [
        { title: 'Bước', of: ({ key }) => key },
        { title: 'Tên', of: ({ name }) => name },
        { title: 'Cơ quan', of: ({ agencyName }) => agencyName },
        { title: 'Phút làm việc', of: ({ workingMinutes }) => String(workingMinutes) },
        { title: 'Xong lúc', of: ({ endsAt }) => timeText(endsAt) },
      ],
      steps,
    ),
    ...(loads.length === 0
      ? []
      : [
          '',
          formatTable(
            [
              { title: 'Cơ quan', of: ({ agencyName }) => agencyName },
              { title: 'Hồ sơ', of: ({ dossiers }) => String(dossiers) },
              { title: 'Cao nhất cùng lúc', of: ({ peakOpen }) => String(peakOpen) },
              { title: 'Cán bộ cần', of: ({ officersNeeded }) => officersNeeded.toFixed(1) },
            ],
            loads,
          ),
        ]),
  ]);
}
