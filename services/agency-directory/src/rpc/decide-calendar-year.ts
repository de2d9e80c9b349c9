import { DecideCalendarYearRequest, DecideCalendarYearResponse } from '@lienthong/contracts/directory';
import { type CallInfo, field, parse, uuidv7 } from '@lienthong/kit';
import { z } from 'zod';
import { calendarDays, calendarYear } from './calendar-schemas.ts';
import type { CalendarDesk } from './directory.ts';

const schema = z.object({
  requestId: field.uuid,
  year: calendarYear,
  days: calendarDays,
  legalBasis: field.text({ min: 1, max: 500 }),
});

export const decideCalendarYear =
  (desk: CalendarDesk) => (request: DecideCalendarYearRequest, info: CallInfo) => {
    const { requestId, ...year } = parse(schema, request);
    return desk.decisions.execute({
      method: 'DecideCalendarYear',
      principal: info.principal,
      requestId,
      request,
      requestCodec: DecideCalendarYearRequest,
      replyCodec: DecideCalendarYearResponse,
      command: { newId: uuidv7(), year, reply: (decided): DecideCalendarYearResponse => ({ year: decided }) },
    });
  };
