/** Work on one definition: mostly milliseconds, with the largest definition seconds. */
import { type Definition, Procedure } from '@lienthong/contracts/registry';
import { type Day, problemsAmong } from '../domain/soundness.ts';

export { draw } from '@lienthong/workflow';
export { normalise } from '../document/normalise.ts';
export { readDocument } from '../document/read-yaml.ts';

/** @param versions `Procedure` messages */
export const findProblems = (definition: Definition, versions: readonly Uint8Array[], days: readonly Day[]) =>
  problemsAmong(
    definition,
    versions.map((one) => Procedure.decode(one)),
    days,
  );
