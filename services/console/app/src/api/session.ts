import { createSignal } from './signal.ts';

/** The session has ended: calls wait until the person has signed in again, in another window. */
export const signedOut = createSignal(false);

/** By which windows of the console in one browser, which share the session, learn who has signed in. */
const channel = new BroadcastChannel('lienthong-session');
let waiting: PromiseWithResolvers<void> | undefined;

/** Resolves when the person has signed in again; what was typed stays where it is meanwhile. */
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

/** Tells the other windows who is signed in now. */
export const announcePerson = (officerId: string): void => channel.postMessage(officerId);

/** @param listener called with the id of a person who has signed in in another window */
export function onPerson(listener: (officerId: string) => void): () => void {
  const onMessage = ({ data }: MessageEvent<unknown>) => listener(String(data));
  channel.addEventListener('message', onMessage);
  return () => channel.removeEventListener('message', onMessage);
}
