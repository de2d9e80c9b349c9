import { command, Directory } from './deps.ts';
import { agencyOf, singlePart } from './single-part.ts';

export const renameAgency = command(Directory.renameAgency, singlePart('rename', agencyOf));
