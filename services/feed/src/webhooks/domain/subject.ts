import { eventContracts, isEventType } from '@lienthong/contracts/events';

/** The subject of an event: its aggregate, such as "dossier/<id>". */
export const subjectOfEvent = (type: string, aggregateId: string): string =>
  `${isEventType(type) ? eventContracts[type].aggregate : '_'}/${aggregateId}`;
