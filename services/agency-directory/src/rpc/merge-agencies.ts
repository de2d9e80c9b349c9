import { command, Directory } from './deps.ts';
import { singlePart, successionsOf } from './single-part.ts';

export const mergeAgencies = command(Directory.mergeAgencies, singlePart('merge', successionsOf));
