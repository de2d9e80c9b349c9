import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Programs that tests start find what an earlier one has compiled: half of their start is that.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/node-compile');

/**
 * Files that measure their process, or set what all code of a process shares: telemetry, mocked modules, a foreign
 * program that is deleted after the file.
 */
const ALONE = [
  'deploy/test/collector.test.ts',
  'packages/client/test/calls.test.ts',
  'packages/embedded/test/port-taken.test.ts',
  'packages/eventlog/test/trace.test.ts',
  'packages/file-store/test/upload.test.ts',
  'packages/kit/test/{call-log,collector-away,http-server,ids-only,metrics,telemetry,tls}.test.ts',
  'packages/kit/test/{database,errors,worst-text,work/threads}.test.ts',
  'services/agency-directory/test/certificates.test.ts',
  'packages/{transparency-log,witness}/test/foreign.test.ts',
  'services/audit/test/{forged-checkpoint,forged-tail,metrics,tamper}.test.ts',
  'services/casework/test/seals.test.ts',
  'services/document-routing/test/large-attachment.test.ts',
  'services/feed/test/webhook-metrics.test.ts',
  'services/notification/test/metrics.test.ts',
  'services/standalone/test/{longest-turn,objects-of-others,observability,traces}.test.ts',
];
const ALL = [
  '{packages,services,examples}/*/{src,test}/**/*.test.ts',
  'bench/src/**/*.test.ts',
  'scripts/**/*.test.ts',
  'deploy/test/**/*.test.ts',
];

const project = (test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration => ({
  test: { testTimeout: 60_000, hookTimeout: 120_000, unstubEnvs: true, ...test },
});

export default defineConfig({
  test: {
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    // Most of them wait for servers: two at once even where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project({ name: 'alone', include: ALONE }),
      // Importing the platform takes seconds: files share processes, one file after the other in each.
      project({ name: 'shared', include: ALL, exclude: ALONE, isolate: false }),
    ],
  },
});
