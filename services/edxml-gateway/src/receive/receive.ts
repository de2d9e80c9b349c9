import { createHash } from 'node:crypto';
import { readPackage } from '@lienthong/edxml';
import { type Answer, refusalOf } from '../answer.ts';
import type { SystemDeps } from '../system.ts';
import { receiveDocument } from './document.ts';
import { receiveStatus } from './status.ts';

/**
 * Takes a package of a system. The same package again changes nothing more.
 * @throws an error that is not about the package: the platform is away, for example; try again later
 */
export async function receivePackage(bytes: Buffer, deps: SystemDeps): Promise<Answer> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const read = readPackage(bytes);
  if (!read.ok) {
    const message = 'the package is not as QCVN 102:2016 has it; correct each place and send it again';
    return { accepted: false, sha256, reason: 'PACKAGE_INVALID', message, violations: read.violations };
  }
  try {
    const taken =
      read.package.kind === 'document'
        ? await receiveDocument(read.package, sha256, read.leniencies, deps)
        : await receiveStatus(read.package, sha256, read.leniencies, deps);
    return { accepted: true, sha256, ...taken };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { accepted: false, sha256, ...refusal };
  }
}
