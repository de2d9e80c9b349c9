export { type RunningWitness, startWitness, type WitnessOptions } from './start.ts';
