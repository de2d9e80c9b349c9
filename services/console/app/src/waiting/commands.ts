import { connected } from '../api/connection.ts';
import { leaving } from '../api/leaving.ts';
import { addEntry, changeEntry, listEntries, removeEntry } from '../api/person-store.ts';
import { createSignal } from '../api/signal.ts';
import { sendInOrder } from './send.ts';
import type { Entry, Waiting } from './types.ts';

const LOCK = 'lienthong-waiting';
const AGAIN_MS = 5_000;

/** What waits of the person whose page this is, oldest first. */
export const waiting = createSignal<readonly Entry[]>([]);
const channel = new BroadcastChannel('lienthong-waiting');
let owner: string | undefined;
/** A turn to send waits for the lock already. */
let queued = false;
let isDue = false;

async function read(): Promise<readonly Entry[]> {
  if (owner === undefined) return [];
  const entries = await listEntries<Waiting>(owner);
  waiting.set(entries);
  return entries;
}

async function changed(): Promise<void> {
  await read();
  channel.postMessage('changed');
}

/** Begins to send what a person left, and goes on whenever the line is back. */
export function openWaiting(officerId: string): void {
  owner = officerId;
  void read().then(sendAll);
}

channel.addEventListener('message', () => void read());
// Nothing goes out for a person who is signing out: a window that is loaded again does not know of whom.
leaving.subscribe(() => {
  owner = undefined;
});
connected.subscribe(() => {
  if (connected.get()) void sendAll();
});

/** Keeps a command until the platform has replied. Throws when the browser cannot keep it. */
export async function keep(command: Waiting): Promise<void> {
  if (owner === undefined) throw new Error('nobody is signed in');
  await addEntry(owner, command);
  await changed();
  void navigator.storage.persist();
  void sendAll();
}

/** Whether a command about a thing waits: the next one goes behind it. */
export const waitsFor = async (thing: string): Promise<boolean> =>
  (await read()).some(({ value }) => value.thing === thing);

/** Sends a refused command once more, as it is. */
export async function sendAgain({ id, value }: Entry): Promise<void> {
  const { refused: _, ...again } = value;
  await put(id, again);
  void sendAll();
}

/** The person gives a command up. */
export async function giveUp({ id }: Entry): Promise<void> {
  await drop(id);
  void sendAll();
}

async function put(id: number, value: Waiting): Promise<void> {
  if (owner !== undefined) await changeEntry(owner, id, value);
  await changed();
}

async function drop(id: number): Promise<void> {
  await removeEntry(id);
  await changed();
}

/** One window sends at a time: the browser gives the lock to the next when one is done or dies. */
async function sendAll(): Promise<void> {
  if (queued) return;
  queued = true;
  const isDone = await navigator.locks.request(LOCK, async () => {
    queued = false;
    return owner === undefined || (await sendInOrder({ read, put, drop }));
  });
  // The platform may be away for a moment without the page having lost it.
  if (isDone || isDue) return;
  isDue = true;
  setTimeout(sendLater, AGAIN_MS);
}

function sendLater(): void {
  isDue = false;
  void sendAll();
}
