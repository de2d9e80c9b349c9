import { DossierStatus } from '@lienthong/contracts/casework';
import { vietnamCalendar, workingDaysBetween } from '@lienthong/working-time';
import { type Case, isFinished } from './ledger.ts';
import type { Dossiers } from './story.ts';

export interface DossierTotals {
  lodged: number;
  finished: number;
  onTime: number;
  overdue: number;
  refused: number;
  withdrawn: number;
  rerouted: number;
}

export function totalsOf(cases: readonly Case[]): DossierTotals {
  const count = (holds: (one: Case) => boolean) => cases.filter(holds).length;
  return {
    lodged: cases.length,
    finished: count(isFinished),
    onTime: count((one) => isFinished(one) && !one.late),
    overdue: count((one) => isFinished(one) && one.late),
    refused: count(({ status }) => status === DossierStatus.REFUSED),
    withdrawn: count(({ status }) => status === DossierStatus.WITHDRAWN),
    rerouted: count(({ movedFrom }) => movedFrom !== ''),
  };
}

const HEADS = ['lodged', 'finished', 'on time', 'overdue', 'refused', 'withdrawn', 'rerouted', 'mean days'];
const NAME_WIDTH = 46;

/** Working days from lodging to the end of what was finished. */
function meanDays(cases: readonly Case[]): string {
  const taken = cases
    .filter(isFinished)
    .map(({ lodgedAt, endedAt }) => workingDaysBetween(vietnamCalendar, lodgedAt, endedAt ?? lodgedAt));
  return taken.length === 0 ? '–' : (taken.reduce((sum, one) => sum + one, 0) / taken.length).toFixed(1);
}

function rows(title: string, groups: Iterable<[string, readonly Case[]]>): string[] {
  const line = (name: string, figures: readonly (string | number)[]) =>
    `${(name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name).padEnd(NAME_WIDTH)}${figures
      .map((figure, i) => String(figure).padStart((HEADS[i]?.length ?? 0) + 2))
      .join('')}`;
  const body = [...groups].map(([name, cases]) =>
    line(name, [...Object.values(totalsOf(cases)), meanDays(cases)]),
  );
  return [line(title, HEADS), ...body];
}

/** Tables per procedure and intake agency, and the dossier with the longest story. */
export async function dossierReport(running: Dossiers, auditEntries: number): Promise<string> {
  const cases = [...running.ledger.values()];
  const byProcedure = Map.groupBy(cases, ({ procedure }) => `${procedure.code} ${procedure.name}`);
  const byAgency = Map.groupBy(cases, ({ seen }) => seen.intake?.name ?? '');
  const top = [...byAgency].sort(([, a], [, b]) => b.length - a.length).slice(0, 5);
  const [fullest] = cases.toSorted((a, b) => Number(b.version - a.version));
  return [
    '',
    ...rows(
      'procedure',
      [...byProcedure].sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    ...rows('', [['all', cases]]).slice(1),
    '',
    ...rows('taken in by', top),
    '',
    `${auditEntries} audit entries of these dossiers`,
    ...(fullest ? await storyOf(running, fullest) : []),
  ].join('\n');
}

const time = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  dateStyle: 'short',
  timeStyle: 'short',
});

async function storyOf({ stage }: Dossiers, { id, code, intakeId, procedure }: Case): Promise<string[]> {
  const { entries } = await stage.of(intakeId).casework.getHistory({ dossierId: id });
  const lines = entries.map(({ at, text }) => `  ${at ? time.format(at).replace(',', '') : ''}  ${text}`);
  return ['', `${code} ${procedure.name}`, ...lines];
}
