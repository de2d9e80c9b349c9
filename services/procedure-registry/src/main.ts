import { runMain } from '@lienthong/kit';
import { procedureRegistry } from './service.ts';

await runMain([procedureRegistry]);
