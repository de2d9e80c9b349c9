import { eventContracts, isEventType } from '@lienthong/contracts/events';

/** The aggregate an event is of, as the feed names it: "dossier/<id>". */
export const subjectOfEvent = (type: string, aggregateId: string): string =>
  `${isEventType(type) ? eventContracts[type].aggregate : '_'}/${aggregateId}`;
