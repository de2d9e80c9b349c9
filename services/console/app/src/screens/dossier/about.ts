import type { casework } from '@lienthong/contracts/json';
import type { Key } from '../../text/text.tsx';
import type { About } from '../../waiting/use-lasting-command.ts';

/** Changes of one dossier go out in their order. */
export const aboutOf = ({ id, code, procedureName }: casework.Dossier, act: Key): About => ({
  thing: id,
  act,
  about: `${code}, ${procedureName}`,
  path: `/ho-so/${id}`,
});
