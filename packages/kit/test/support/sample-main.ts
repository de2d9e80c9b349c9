// A service's whole main, for a test that runs it as a process of its own.
import { runMain } from '../../src/index.ts';
import { sampleService } from './sample-service.ts';

await runMain([sampleService()]);
