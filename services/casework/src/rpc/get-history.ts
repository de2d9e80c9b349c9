import { type DataChange, HistoryEntry } from '@lienthong/contracts/casework';
import type { ReferenceCache } from '@lienthong/reference-data';
import { filesIn, labelOf } from '@lienthong/workflow';
import { z } from 'zod';
import type { PastNote } from '../domain/dossier/state.ts';
import { changesSentence } from '../domain/history/data-changes.ts';
import { sentenceOf } from '../domain/history/sentence.ts';
import { readDataChanges } from '../store/data-changes.ts';
import { readNotes } from '../store/imported-notes.ts';
import { type HistoryEvent, readHistory } from '../store/read-history.ts';
import { Casework, query, WORKS_WITH_DOSSIERS } from './deps.ts';
import { dossierId } from './fields.ts';
import { nameThen } from './names.ts';
import { dossierFor, readsFiles } from './participation.ts';

/** Every event of a dossier, for its participants. */
export const getHistory = query(Casework.getHistory, {
  policy: WORKS_WITH_DOSSIERS,
  reads: 'buffered',
  request: z.object({ dossierId }),
  async handle({ dossierId }, context, deps) {
    const [whole, recorded, changed] = await Promise.all([
      dossierFor(context, deps, { dossierId, code: '' }),
      readHistory(deps.db, dossierId),
      readDataChanges(deps.db, dossierId),
    ]);
    const fields = deps.procedures.record(whole.dossier.procedureId)?.definition?.data ?? [];
    const seesFiles = readsFiles(whole, context, deps.reference);
    const isSeen = ({ key }: Pick<DataChange, 'key'>) =>
      seesFiles || filesIn(fields, { [key]: '' }).length === 0;
    const entries = recorded.map((one) => {
      const changes = (changed.get(one.event.version) ?? []).filter(isSeen);
      return toEntry(
        deps.reference,
        one,
        changes.map((change) => ({ ...change, label: labelOf(fields, change.key) })),
      );
    });
    const { imported } = whole.dossier;
    if (imported === null) return { entries };
    const notes = (await readNotes(deps.db, dossierId)).map((note) => toNoteEntry(note, imported.system));
    return { entries: withNotes(entries, notes) };
  },
});

/** What another system noted stands among what happened there, by its time. */
function withNotes(entries: readonly HistoryEntry[], notes: readonly HistoryEntry[]): HistoryEntry[] {
  const past = [...entries.filter(({ importedFrom }) => importedFrom !== ''), ...notes];
  past.sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
  return [...past, ...entries.filter(({ importedFrom }) => importedFrom === '')];
}

const toNoteEntry = ({ at, text }: PastNote, importedFrom: string): HistoryEntry =>
  HistoryEntry.fromPartial({ at: new Date(at), text, importedFrom });

/** An event of the platform itself names the agency that it concerns. */
function toEntry(
  reference: ReferenceCache,
  recorded: HistoryEvent,
  changes: readonly DataChange[],
): HistoryEntry {
  const { event, actorAgencyId, actorOfficerId, traceId, importedFrom } = recorded;
  const at = new Date(event.at);
  const agencyId = actorAgencyId || recorded.agencyId;
  const agency = (id: string) => nameThen(reference.agencies, id, at);
  const officer = (id: string) => reference.officers.get(id)?.fullName ?? '';
  const task = 'task' in event.payload ? event.payload.task : undefined;
  return {
    at,
    type: event.type,
    agencyId,
    agencyName: nameThen(reference.agencies, agencyId, at),
    officerId: actorOfficerId,
    taskNumber: task?.number ?? 0,
    text: sentenceOf(event, officer, agency) + changesSentence(changes),
    traceId,
    importedFrom,
    dataChanges: [...changes],
  };
}
