import { command, Directory } from './deps.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const updateAgency = command(Directory.updateAgency, singlePart('update', agencyOf));
