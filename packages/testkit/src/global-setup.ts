import type { TestProject } from 'vitest/node';
import { readConfig } from './config.ts';
import { type SharedServers, startServers } from './servers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    servers: SharedServers;
  }
}

/** Starts the servers once for the whole run; returns a function that stops them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stop, ...servers } = await startServers(readConfig());
  project.provide('servers', servers);
  return stop;
}
