import { citizens } from './en-citizens.ts';
import { DUE, letter, SHORT_DUE } from './en-phrases.ts';
import { type Defaults, topic } from './shape.ts';

const WORK = '{hasTaskName, select, true {Task “{taskName}” of dossier} other {Dossier}} {dossierCode}';
const NAMED_WORK = `${WORK} ({procedureName})`;
const withDue = (due: string) => `{hasDueAt, select, true { (due ${due})} other {}}`;
const WITH_DUE = withDue(DUE);
const WITH_SHORT_DUE = withDue(SHORT_DUE);
const ACT = 'Please sign in to deal with it.';
const DOCUMENT = 'document {documentNumber} of {issuerName}, “{subject}”';
const REASON = '{hasReason, select, true {Reason: {reason}} other {}}';
const DIRECTIVE =
  '{hasTask, select, true {Task “{task}”} other {The task}} set by document {documentNumber} of {issuerName}';
const UNANSWERED =
  'The time for opinions on dossier {dossierCode} ({procedureName}) is over, and the agency consulted has not answered.';
const SURPLUS =
  'A payment for dossier {dossierCode} ({procedureName}) came when the dossier did not wait for one.';
const SUSPENDED = 'Events are no longer sent to webhook {webhookId} of {agencyName}.';
const SETTINGS_ENDED =
  'The notification settings of {agencyName}{hasOrigin, select, true { and its receiver {origin}} other {}} have ended with it on {endedOn, date, long}.';
const UNREACHABLE =
  '{hasDossierCode, select, true {Mails to {address}, the address of the citizen who follows dossier {dossierCode}, do not arrive. Please let the citizen give another address.} other {Mails to your address {address} do not arrive, so no further ones are sent. Please set your address.}}';
const NEWS = '{count, plural, one {# new notification} other {# new notifications}}';

export const en: Defaults = {
  'task-assigned': topic(
    'Dossier {dossierCode} assigned to you',
    `${NAMED_WORK} has been assigned to you${WITH_DUE}.`,
    letter(`${NAMED_WORK} at {agencyName} has been assigned to you${WITH_DUE}.`, ACT),
    `${WORK} has been assigned to you${WITH_SHORT_DUE}.`,
  ),
  'task-released': topic(
    'Dossier {dossierCode} waits for an officer',
    `${NAMED_WORK} has nobody to work on it: its officer has left {agencyName}${WITH_DUE}. Please assign it.`,
    letter(
      `${NAMED_WORK} has nobody to work on it: its officer has left {agencyName}${WITH_DUE}.`,
      'Please assign it to an officer.',
    ),
    `${WORK} has nobody to work on it${WITH_SHORT_DUE}. Please assign it.`,
  ),
  'supplement-handed-in': topic(
    'Files for the supplement of dossier {dossierCode}',
    `The applicant has handed in files for the supplement of dossier {dossierCode} ({procedureName}). Please examine them.`,
    letter(
      'The applicant has handed in files for the supplement of dossier {dossierCode} ({procedureName}) at {agencyName}.',
      'Please sign in to examine them.',
    ),
    'Dossier {dossierCode} has files for its supplement. Please examine them.',
  ),
  'deadline-near': topic(
    'Dossier {dossierCode} is due soon',
    `${NAMED_WORK} is due soon${WITH_DUE}.`,
    letter(`${NAMED_WORK} at {agencyName} is due soon${WITH_DUE}.`, ACT),
    `${WORK} is due soon${WITH_SHORT_DUE}.`,
  ),
  overdue: topic(
    'Dossier {dossierCode} is overdue',
    `${NAMED_WORK} is overdue${WITH_DUE}.`,
    letter(`${NAMED_WORK} at {agencyName} is overdue${WITH_DUE}.`, ACT),
    `${WORK} is overdue${WITH_SHORT_DUE}.`,
  ),
  escalation: topic(
    'Dossier {dossierCode} is overdue and needs your direction',
    `${NAMED_WORK} at {agencyName} is overdue${WITH_DUE} and not yet dealt with. Please direct that it be dealt with.`,
    letter(
      `${NAMED_WORK} at {agencyName} is overdue${WITH_DUE} and not yet dealt with.`,
      'Please direct that it be dealt with.',
    ),
    `${WORK} is overdue${WITH_SHORT_DUE}. Please direct that it be dealt with.`,
  ),
  'consultation-unanswered': topic(
    'No opinion received on dossier {dossierCode}',
    UNANSWERED,
    letter(UNANSWERED, 'Please remind the agency and proceed as the rules say.'),
    'Dossier {dossierCode}: the time for opinions is over, the agency consulted has not answered.',
  ),
  'surplus-payment': topic(
    'Dossier {dossierCode} has a payment to give back',
    `${SURPLUS} Please proceed as the rules say.`,
    letter(SURPLUS, 'Please check it with the provider and give it back as the rules say.'),
    'Dossier {dossierCode}: a payment came when none was awaited, and is to be given back.',
  ),
  'document-refused': topic(
    'Document {documentNumber} was refused',
    `{agencyName} refused ${DOCUMENT}. ${REASON}`,
    letter(`{agencyName} refused ${DOCUMENT}.`, REASON, ACT),
    `{agencyName} refused document {documentNumber}. ${REASON}`,
  ),
  'document-received': topic(
    'Document received: {documentNumber}',
    `{agencyName} has received ${DOCUMENT}.`,
    letter(`{agencyName} has received ${DOCUMENT}.`, ACT),
    '{agencyName} has received document {documentNumber} of {issuerName}.',
  ),
  'directive-due': topic(
    'Document {documentNumber}: task due on {dueOn, date, long}',
    `${DIRECTIVE} is due on {dueOn, date, long}.`,
    letter(
      `${DIRECTIVE}, “{subject}”, is due on {dueOn, date, long}.`,
      'Please let {agencyName} carry it out and report in time.',
    ),
    'The task set by document {documentNumber} of {issuerName} is due on {dueOn, date, long}.',
  ),
  ...citizens,
  'webhook-suspended': topic(
    'Events to the webhook of {agencyName} suspended',
    `${SUSPENDED} ${REASON}`,
    letter(SUSPENDED, REASON, 'Please check the receiving system, then switch the webhook on again.'),
    SUSPENDED,
  ),
  'settings-ended': topic(
    'The notification settings of {agencyName} have ended',
    `${SETTINGS_ENDED} Please set them at its successor where needed.`,
    letter(SETTINGS_ENDED, 'Please set them at its successor where needed.'),
    SETTINGS_ENDED,
  ),
  'contact-unreachable': topic(
    'Mails to an address do not arrive',
    UNREACHABLE,
    letter(UNREACHABLE),
    UNREACHABLE,
  ),
  digest: topic(
    NEWS,
    `You have ${NEWS}:\n{lines}`,
    letter(`You have ${NEWS}:\n{lines}`, 'Please sign in to read more.'),
    `You have ${NEWS}:\n{lines}`,
  ),
};
