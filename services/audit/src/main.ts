import { runMain } from '@lienthong/kit';
import { audit } from './service.ts';

await runMain([audit]);
