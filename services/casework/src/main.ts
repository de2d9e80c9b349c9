import { runMain } from '@lienthong/kit';
import { casework } from './service.ts';

await runMain([casework]);
