import { leave } from './person-store.ts';
import { createSignal } from './signal.ts';

/** Set from the press on until the console has ended the session, for all windows, also while the line is down. */
const LEAVING = 'lienthong-leaving';
const AGAIN_MS = 3_000;
const isSet = (): boolean => localStorage.getItem(LEAVING) !== null;

/** The person is signing out: no window shows anything of them any more. */
export const leaving = createSignal(isSet());
addEventListener('storage', ({ key, newValue }) => {
  if (key === LEAVING && newValue !== null) leaving.set(true);
});

/** Drops what this browser showed of the person. Commands that wait stay, for when the person is back. */
export async function signOut(): Promise<void> {
  localStorage.setItem(LEAVING, '1');
  leaving.set(true);
  await leave();
}

/** Ends the session at the console, as soon as it can be reached. */
export async function endSession(): Promise<void> {
  // Drafts of this window.
  sessionStorage.clear();
  // One window alone does it, so that none ends the session of the next person.
  await navigator.locks.request(LEAVING, async () => {
    while (isSet()) {
      // The reply sends pages elsewhere: this one goes by itself.
      const init: RequestInit = { method: 'POST', redirect: 'manual' };
      const ended = await fetch('/auth/logout', init).then(
        ({ type, ok }) => ok || type === 'opaqueredirect',
        () => false,
      );
      if (ended) localStorage.removeItem(LEAVING);
      else await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  });
  location.assign('/');
}
