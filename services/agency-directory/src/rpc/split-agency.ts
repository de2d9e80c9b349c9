import { command, Directory } from './deps.ts';
import { singlePart, successionsOf } from './single-part.ts';

export const splitAgency = command(Directory.splitAgency, singlePart('split', successionsOf));
