/** The longest work: with the largest texts it takes seconds. */
export { readYaml } from '../document/read-yaml.ts';
export { writeYaml } from '../document/write-yaml.ts';
export { readRecord } from '../portal/read-record.ts';
