import { command, Directory } from './deps.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const moveAgency = command(Directory.moveAgency, singlePart('move', agencyOf));
