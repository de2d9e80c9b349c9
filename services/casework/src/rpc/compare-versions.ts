import { DossierOrigin } from '@lienthong/contracts/casework';
import { field, invalid, refuse } from '@lienthong/kit';
import { z } from 'zod';
import { readStatistics, type StatisticsRow } from '../store/statistics/read-statistics.ts';
import { query, Statistics } from './deps.ts';
import { toStatisticsRow } from './statistics-row.ts';
import { agenciesSeenBy } from './statistics-scope.ts';

const version = (least: number, message: string) =>
  z.number().superRefine((number, context) => {
    if (Number.isInteger(number) && number >= least) return;
    context.addIssue({ code: 'custom', message, params: { reason: 'VERSION_INVALID' } });
  });

/** Over all finished dossiers whose figures the caller sees, whenever they were finished. */
export const compareVersions = query(Statistics.compareVersions, {
  policy: 'authenticated',
  request: z.object({
    procedureCode: field.text({ min: 1, max: 40 }),
    version: version(1, 'must be the number of a version, from 1'),
    againstVersion: version(0, 'must be the number of a version, or 0 for the one before'),
  }),
  async handle({ procedureCode, version, againstVersion }, context, deps) {
    const against = againstVersion || version - 1;
    if (against === 0 || against === version) refuse(nothingToCompare(version));
    const rows = await readStatistics(deps.db, {
      from: '',
      to: '',
      groupBy: new Set(['procedure'] as const),
      agencyIds: await agenciesSeenBy(context, deps),
      procedureCode,
      origin: DossierOrigin.UNSPECIFIED,
      versions: [version, against],
    });
    const finished = (number: number) => {
      const row = rows.find((one) => one.procedure_version === number);
      return row !== undefined && row.finished > 0 ? row : refuse(noneFinished(procedureCode, number));
    };
    const [after, before] = [finished(version), finished(against)];
    const change = (of: (row: StatisticsRow) => number) => of(after) - of(before);
    return {
      version: toStatisticsRow(after, noName),
      against: toStatisticsRow(before, noName),
      meanMinutesChange: change((row) => row.taken ?? 0),
      onTimeShareChange: change((row) => (row.finished - row.overdue) / row.finished),
      supplementsPerDossierChange: change((row) => row.supplements / row.finished),
    };
  },
});

const noName = () => '';

const nothingToCompare = (version: number) =>
  invalid([
    {
      field: 'against_version',
      description: `must be another version than ${version}; version 1 has none before it`,
      reason: 'VERSION_INVALID',
    },
  ]);

const noneFinished = (code: string, version: number) =>
  ({
    kind: 'failed-precondition',
    reason: 'VERSION_WITHOUT_FINISHED',
    message: `no dossier of version ${version} of procedure ${code} is finished; compare versions that have some`,
    metadata: { version: String(version) },
  }) as const;
