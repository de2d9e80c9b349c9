export { readStandaloneSettings, type StandaloneSettings } from './config.ts';
export { administrator, type Platform, services, startPlatform } from './platform.ts';
export { stopOnSignal } from './stop-on-signal.ts';
