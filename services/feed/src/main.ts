import { runMain } from '@lienthong/kit';
import { feed } from './service.ts';

await runMain([feed]);
