import type { registry } from '@lienthong/contracts/json';
import type { Me } from '../../api/me.ts';
import type { Key } from '../../text/text.tsx';

export const STATES: Record<registry.ProcedureState, Key> = {
  PROCEDURE_STATE_UNSPECIFIED: 'procedure.draft',
  PROCEDURE_STATE_DRAFT: 'procedure.draft',
  PROCEDURE_STATE_VALIDATED: 'procedure.validated',
  PROCEDURE_STATE_PUBLISHED: 'procedure.published',
  PROCEDURE_STATE_AMENDED: 'procedure.amended',
  PROCEDURE_STATE_REPEALED: 'procedure.repealed',
};

/** Whether somebody writes the register, as the platform has it. */
export const writesProcedures = (me: Me | undefined): boolean => me?.roles.includes('admin') === true;
