/** What is carried out in threads: with the largest requests it takes seconds. */
export { readRecord } from '../portal/read-record.ts';
export { readYaml } from './read-yaml.ts';
export { writeYaml } from './write-yaml.ts';
