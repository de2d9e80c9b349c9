export {
  DEPARTMENTS_MERGE,
  departments,
  newCode,
  newUnits,
  oldCode,
  oldUnits,
  PROVINCE_CODE,
  PROVINCES_MERGE,
  succession,
} from './data.ts';
export { loadOldOrder, mergeDepartments, mergeProvinces, resolve } from './load.ts';
export { appointSampleOfficers, officersOf, type SampleOfficers } from './officers.ts';
export { firstInForce, publishSampleProcedures } from './procedures.ts';
export { settled } from './settled.ts';
