/** The setting by which all services of a test accept each other's events. */
export const EVENT_KEYS = { EVENT_MAC_KEYS: `test:${Buffer.alloc(32, 11).toString('base64')}` };
