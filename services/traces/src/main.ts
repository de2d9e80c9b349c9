import { runMain } from '@lienthong/kit';
import { traces } from './service.ts';

await runMain([traces]);
