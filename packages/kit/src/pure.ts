/** What pure functions need of the kit, without its servers and clients: a thread that imports this alone stays small. */
export * from './clock.ts';
export * from './errors.ts';
export * from './text.ts';
