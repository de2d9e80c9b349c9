import { createSignal, useSignal } from '../api/signal.ts';

const TICK_MS = 30_000;
const now = createSignal(new Date());
setInterval(() => now.set(new Date()), TICK_MS);

/** The time, which moves on while a screen is shown. */
export const useNow = (): Date => useSignal(now);
