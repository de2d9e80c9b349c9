import { command, Directory } from './deps.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const endAgency = command(Directory.endAgency, singlePart('end', agencyOf));
