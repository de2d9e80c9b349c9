import { command, Directory } from './deps.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const establishAgency = command(Directory.establishAgency, singlePart('establish', agencyOf));
