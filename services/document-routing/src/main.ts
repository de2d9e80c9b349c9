import { runMain } from '@lienthong/kit';
import { documentRouting } from './service.ts';

await runMain([documentRouting]);
