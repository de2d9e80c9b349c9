import { runMain } from '@lienthong/kit';
import { agencyDirectory } from './service.ts';

await runMain([agencyDirectory]);
