import { flushCompileCache } from 'node:module';
import type { ChildSetup } from './child-processes.ts';
import { runTestServices } from './running.ts';

const { module, service, stack, env } = JSON.parse(process.argv[2] ?? '') as ChildSetup;
const { address } = await runTestServices([(await import(module))[service]], stack, { env });
// The test process has ended.
process.once('disconnect', () => process.exit());
// A process that is killed does not keep what it has compiled for the next one.
flushCompileCache();
process.send?.({ address });
