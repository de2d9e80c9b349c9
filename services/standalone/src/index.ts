export { administrator } from './administrator.ts';
export { readStandaloneSettings, type StandaloneSettings } from './config.ts';
export { type Platform, startPlatform } from './platform.ts';
export { loadSample } from './sample.ts';
export { services } from './services.ts';
export { stopOnSignal } from './stop-on-signal.ts';
