import type { Reporter, TestModule } from 'vitest/node';

const SHOWN = 20;
const seconds = (ms: number) => (ms / 1000).toFixed(1).padStart(7);

/** A reporter that lists the test files that took longest, so that growth is seen. */
export default class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules.map((module) => {
      const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration, duration } =
        module.diagnostic();
      const before = environmentSetupDuration + prepareDuration + collectDuration + setupDuration;
      return { name: module.relativeModuleId, before, total: before + duration };
    });
    const sum = files.reduce((ms, { total }) => ms + total, 0);
    const lines = files
      .toSorted((a, b) => b.total - a.total)
      .slice(0, SHOWN)
      .map(({ name, before, total }) => `${seconds(total)} ${seconds(before)}  ${name}`);
    const heading = `Slowest of ${files.length} test files, which took ${seconds(sum).trim()} s together:`;
    // An empty line ends the table.
    console.log(['', heading, 'seconds imports', ...lines, ''].join('\n'));
  }
}
