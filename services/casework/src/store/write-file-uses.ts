import { addUses, endUses, type FileUse } from '@lienthong/file-store';
import type { Tx } from '@lienthong/kit';
import type { DossierChange } from '../domain/dossier/state.ts';

/** Writes which files dossiers carry after changes, given in their order. */
export function writeFileUses(tx: Tx, changes: readonly DossierChange[]): void {
  const uses = new Map<string, { use: FileUse; isCarried: boolean }>();
  for (const { dossier, files } of changes) {
    if (!files) continue;
    const note = (isCarried: boolean) => (sha256: string) =>
      uses.set(`${dossier.id} ${sha256}`, { use: { sha256, ownerId: dossier.id }, isCarried });
    files.carried.forEach(note(true));
    files.left.forEach(note(false));
  }
  const of = (isCarried: boolean) =>
    [...uses.values()].filter((one) => one.isCarried === isCarried).map(({ use }) => use);
  addUses(tx, of(true));
  endUses(tx, of(false));
}
