import { BusinessKind, SteeringType, Urgency } from '@lienthong/contracts/routing';
import type { FieldViolation } from '@lienthong/kit';
import type { Draft } from './document.ts';

type DraftFields = Omit<Draft, 'deliverBy' | 'signer' | 'exchange'> & Partial<Pick<Draft, 'deliverBy'>>;

/** Violations of the rules between the fields of a document. `today` is the date in Vietnam. */
export function draftViolations(draft: DraftFields, today: string): FieldViolation[] {
  const violations: FieldViolation[] = [];
  const wrong = (field: string, reason: string, description: string) =>
    violations.push({ field, reason, description });

  if (draft.promulgatedOn > today)
    wrong('promulgated_on', 'DATE_IN_FUTURE', `must not be after today, ${today}`);
  if (draft.urgency === Urgency.FLASH_TIMED && draft.deliverBy === undefined)
    wrong(
      'deliver_by',
      'FIELD_REQUIRED',
      'is required with FLASH_TIMED: the time by which it must be delivered',
    );
  if (draft.steering === SteeringType.DIRECTIVE && draft.dueOn === '')
    wrong('due_on', 'FIELD_REQUIRED', 'is required with a directive: the date by which it must be answered');
  const tooEarly = (date: string) => date !== '' && date < draft.promulgatedOn;
  const beforeIssue = `must not be before promulgated_on, ${draft.promulgatedOn}`;
  if (tooEarly(draft.dueOn)) wrong('due_on', 'DATE_TOO_EARLY', beforeIssue);
  draft.tasks.forEach((task, i) => {
    if (tooEarly(task.dueOn)) wrong(`tasks[${i}].due_on`, 'DATE_TOO_EARLY', beforeIssue);
  });
  if (draft.signatures.length > 0 && draft.number === '')
    wrong('number', 'FIELD_REQUIRED', 'is required with signatures: they sign it');
  if (draft.businessKind === BusinessKind.NEW) {
    if (draft.refersToId !== '')
      wrong(
        'refers_to_id',
        'FIELD_NOT_ALLOWED',
        'is only for a document that revokes, updates or replaces another',
      );
  } else {
    const why = 'is required with a document that revokes, updates or replaces another';
    if (draft.refersToId === '') wrong('refers_to_id', 'FIELD_REQUIRED', why);
    if (draft.businessReason === '') wrong('business_reason', 'FIELD_REQUIRED', why);
  }
  return violations;
}
