import { createSignal } from './signal.ts';

/** False while the console or the platform does not reply. */
export const connected = createSignal(true);

const CHECK_MS = 3_000;
let timer: ReturnType<typeof setTimeout> | undefined;
let check: (() => Promise<boolean>) | undefined;

/** @param reaches finds out whether the platform replies again */
export function watchConnection(reaches: () => Promise<boolean>, onReturn: () => void): void {
  check = reaches;
  connected.subscribe(() => {
    if (connected.get()) onReturn();
  });
}

/** A call got no reply: from now on the platform is called until it replies. */
export function lost(): void {
  connected.set(false);
  if (timer !== undefined) return;
  timer = setTimeout(async () => {
    timer = undefined;
    if (await check?.()) connected.set(true);
    else lost();
  }, CHECK_MS);
}
