import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { endWithParent } from '@lienthong/embedded';
import { CONTROL_RUNS } from './chaos/control-runs.ts';
import { CONTROL_NAMES, type ControlName } from './chaos/controls.ts';
import { FAULT_NAMES, type FaultName } from './chaos/faults.ts';
import { type Report, run } from './chaos/run.ts';
import { KINDS } from './chaos/verdict.ts';

endWithParent();
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    /** How long faults are injected. */
    seconds: { type: 'string', default: '60' },
    /** The same seed draws the same faults. */
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** A fault, once or for each of several; default all. */
    only: { type: 'string', multiple: true },
    /** The services run a build that is broken on purpose. */
    break: { type: 'string' },
    /** Every control, or those that `--break` names: each must be found. */
    controls: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);

/** Longer than all bounded waits of a run together: whatever happens, a run ends. */
const BEYOND_FAULTS_MS = 20 * 60_000;
/** A platform that is whole may be busy; one that is broken on purpose need not be waited for so long. */
const WHOLE = { stallMs: 60_000, wholeMs: 300_000 };
const BROKEN = { stallMs: 15_000, wholeMs: 60_000 };

const started = performance.now();
let last = 'the start';
function print(line: string): void {
  last = line;
  console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
}

const oneOf = <T extends string>(option: string, names: readonly T[], name: string): T => {
  if (!names.includes(name as T)) throw new Error(`--${option} must be one of: ${names.join(', ')}`);
  return name as T;
};

if (values.controls) await controls(values.break === undefined ? CONTROL_NAMES : [broken(values.break)]);
else await once();

function broken(name: string): ControlName {
  return oneOf('break', CONTROL_NAMES, name);
}

async function once(): Promise<void> {
  const names = values.only?.map((name) => oneOf<FaultName>('only', FAULT_NAMES, name)) ?? FAULT_NAMES;
  const control = values.break === undefined ? undefined : broken(values.break);
  const report = await bounded(Number(values.seconds), () =>
    run({
      faults: names,
      seconds: Number(values.seconds),
      seed,
      broken: control,
      bounds: control ? BROKEN : WHOLE,
      print,
    }),
  );
  show(report);
  await end(report.differences.length === 0, report);
}

async function controls(names: readonly ControlName[]): Promise<void> {
  const found: { control: ControlName; caught: boolean; seconds: number; by: string[] }[] = [];
  for (const control of names) {
    print(`control ${control}`);
    const { finds, ...plan } = CONTROL_RUNS[control];
    const report = await bounded(plan.seconds, () =>
      run({ ...plan, seed, broken: control, bounds: BROKEN, print }),
    );
    show(report, 3);
    const by = report.differences.filter((difference) => finds.test(difference));
    found.push({ control, caught: by.length > 0, seconds: report.seconds, by: by.slice(0, 20) });
  }
  for (const { control, caught, seconds, by } of found)
    print(`${control}: ${caught ? `caught in ${seconds} s, ${by[0]}` : `NOT CAUGHT in ${seconds} s`}`);
  await end(
    found.every(({ caught }) => caught),
    { controls: found },
  );
}

function show(report: Report, most = 20): void {
  for (const difference of report.differences.slice(0, most)) print(`DIFFERENT  ${difference}`);
  const faults = Object.entries(report.faults).map(([fault, times]) => `${times} × ${fault}`);
  print(
    `${report.events ?? 'unknown'} events, ${KINDS.map((kind) => `${report[kind]} ${kind}`).join(', ')}, ` +
      `after ${faults.join(', ') || 'no faults'}`,
  );
}

async function end(ok: boolean, report: object): Promise<void> {
  if (values.json) await writeFile(values.json, `${JSON.stringify({ ok, ...report }, null, 2)}\n`);
  process.exitCode = ok ? 0 : 1;
}

/** Ends the process with 2 when there is no verdict long after the faults: the last line says where it hung. */
async function bounded<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  const watchdog = setTimeout(
    () => {
      console.error(`no verdict: nothing came after “${last}”`);
      process.exitCode = 2;
      process.kill(process.pid, 'SIGTERM');
    },
    seconds * 1_000 + BEYOND_FAULTS_MS,
  );
  return work().finally(() => clearTimeout(watchdog));
}
