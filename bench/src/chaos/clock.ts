import { readFileSync } from 'node:fs';

// Loaded by --import into the service processes: their clock is wrong by the milliseconds that a file says.
const file = process.env.CHAOS_CLOCK as string;
const READ_MS = 100;

let offsetMs = 0;
const read = () => {
  offsetMs = Number(readFileSync(file, 'utf8'));
};
read();
setInterval(read, READ_MS).unref();

const trueNow = Date.now;
const now = () => trueNow() + offsetMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, values, made) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, made),
  apply: (target) => new target(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
