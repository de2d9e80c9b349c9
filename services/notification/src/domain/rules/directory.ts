import type { Agency } from '@lienthong/contracts/directory';
import { Priority, Topic } from '@lienthong/contracts/notification';
import { type Intent, idOfCause, type RuleWorld } from '../intent.ts';

/** Notifies the successor of an agency that its receiver and preferences have ended. */
export const toSettingsEndedIntent = ({ id, endedOn }: Agency, origin: string, world: RuleWorld): Intent => ({
  eventId: idOfCause(`settings of ${id}`),
  topic: Topic.SETTINGS_ENDED,
  priority: Priority.NORMAL,
  audience: { who: 'office', agencyId: id },
  values: { agencyName: world.nameOf(id), endedOn, origin },
  dossierCode: '',
  documentId: '',
});
