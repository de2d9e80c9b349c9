import { createSignal } from './signal.ts';

/** The session has ended: calls wait until the person has signed in again, in another window. */
export const signedOut = createSignal(false);

/** By which windows of the console learn of each other's sign-in. */
const CHANNEL = 'lienthong-session';
const channel = new BroadcastChannel(CHANNEL);
let waiting: PromiseWithResolvers<void> | undefined;

/** Resolves when somebody has signed in; what was typed stays where it is meanwhile. */
export function waitForSignIn(): Promise<void> {
  waiting ??= Promise.withResolvers<void>();
  signedOut.set(true);
  return waiting.promise;
}

/** Lets waiting calls go on. */
export function goOn(): void {
  waiting?.resolve();
  waiting = undefined;
  signedOut.set(false);
}

/** From the window in which the person has signed in. */
export const announceSignIn = (): void => channel.postMessage('signed-in');

export function onSignIn(listener: () => void): () => void {
  channel.addEventListener('message', listener);
  return () => channel.removeEventListener('message', listener);
}
