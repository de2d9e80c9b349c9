import type { Officer } from '@lienthong/contracts/directory';
import { type FieldViolation, field, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { fullName, position, roles } from './schemas.ts';

/** What every appointment says, besides the agency. */
export const appointment = {
  fullName,
  position,
  roles,
  head: z.boolean(),
  validFrom: field.optionalDate,
  validTo: field.optionalDate,
};

type Appointment = Omit<Officer, 'id' | 'agencyId' | 'earlier' | 'afterEnd'>;

export const endsAfterStart = ({
  validFrom,
  validTo,
}: Pick<Appointment, 'validFrom' | 'validTo'>): FieldViolation[] =>
  validTo !== '' && validTo <= validFrom
    ? [{ field: 'valid_to', reason: 'END_BEFORE_START', description: 'must be after valid_from' }]
    : [];

/** Under a new id, at an agency that the decision fills in. */
export const newOfficer = (said: Appointment): Officer => ({
  id: uuidv7(),
  agencyId: '',
  ...said,
  earlier: [],
  afterEnd: false,
});
