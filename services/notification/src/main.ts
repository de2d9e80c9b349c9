import { runMain } from '@lienthong/kit';
import { notification } from './service.ts';

await runMain([notification]);
