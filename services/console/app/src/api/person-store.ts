/** What a browser keeps of a person's work for while the line is down, sealed by a key of that person (ADR 61). */
const DATABASE = 'lienthong';
const VERSION = 1;
/** Of each person who has worked here. */
const KEYS = 'keys';
/** One row: who works here, and what that person's screens showed. */
const PERSON = 'person';
const ENTRIES = 'entries';
const HERE = 'here';

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}
interface PersonRow {
  owner: string;
  shown?: Sealed;
}
interface EntryRow {
  /** Grows: older entries have smaller ones. */
  id?: number;
  owner: string;
  sealed: Sealed;
}

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      const { result } = request;
      result.createObjectStore(KEYS);
      result.createObjectStore(PERSON);
      result.createObjectStore(ENTRIES, { keyPath: 'id', autoIncrement: true }).createIndex('owner', 'owner');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/**
 * One transaction on a store: what it reads and then writes stays so between all windows. Resolves to what `act` began
 * with, once the browser has written the rest to its disk.
 */
async function run<T>(
  store: string,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: 'strict' });
    const request = act(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}

/** Reads a row, and writes what follows from it: undefined leaves it as it is. */
function change<T>(store: string, key: IDBValidKey, next: (row: T | undefined) => T | undefined) {
  return run<T | undefined>(store, 'readwrite', (rows) => {
    const request: IDBRequest<T | undefined> = rows.get(key);
    request.onsuccess = () => {
      const row = next(request.result);
      if (row !== undefined) rows.put(row, ...(rows.keyPath === null ? [key] : []));
    };
    return request;
  });
}

/** The key of a person, made when it is wanted first. It stays: what waits must be readable when the person is back. */
async function keyOf(owner: string): Promise<CryptoKey> {
  const read = () => run<CryptoKey | undefined>(KEYS, 'readonly', (keys) => keys.get(owner));
  const known = await read();
  if (known !== undefined) return known;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  // Two windows that make it at once have the same one.
  return (await change<CryptoKey>(KEYS, owner, (first) => (first === undefined ? made : undefined))) ?? made;
}

async function seal(owner: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(value));
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(owner), text) };
}

async function unseal<T>(owner: string, { iv, bytes }: Sealed): Promise<T> {
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await keyOf(owner), bytes);
  return JSON.parse(new TextDecoder().decode(text)) as T;
}

/** A person works here from now on: what another one's screens showed is dropped. */
export const enter = (owner: string): Promise<unknown> =>
  change<PersonRow>(PERSON, HERE, (row) => (row?.owner === owner ? undefined : { owner }));

/** Nobody works here any more: nothing that was shown stays. Entries stay, sealed, until the person is back. */
export const leave = (): Promise<unknown> => run(PERSON, 'readwrite', (rows) => rows.delete(HERE));

/** Keeps what a person's screens show; nothing in a window whose person has left meanwhile. */
export async function keepShown(owner: string, value: unknown): Promise<void> {
  const shown = await seal(owner, value);
  await change<PersonRow>(PERSON, HERE, (row) => (row?.owner === owner ? { owner, shown } : undefined));
}

/** What the screens of the one who works here showed last. */
export async function readShown<T>(): Promise<T | undefined> {
  const row = await run<PersonRow | undefined>(PERSON, 'readonly', (rows) => rows.get(HERE));
  return row?.shown && unseal<T>(row.owner, row.shown);
}

export interface Entry<T> {
  id: number;
  value: T;
}

export async function addEntry(owner: string, value: unknown): Promise<void> {
  const row: EntryRow = { owner, sealed: await seal(owner, value) };
  await run(ENTRIES, 'readwrite', (rows) => rows.add(row));
}

/** Nothing happens to an entry that is gone. */
export async function changeEntry(owner: string, id: number, value: unknown): Promise<void> {
  const sealed = await seal(owner, value);
  await change<EntryRow>(ENTRIES, id, (row) => row && { id, owner, sealed });
}

export async function removeEntry(id: number): Promise<void> {
  await run(ENTRIES, 'readwrite', (rows) => rows.delete(id));
}

/** Oldest first. */
export async function listEntries<T>(owner: string): Promise<Entry<T>[]> {
  const rows = await run<EntryRow[]>(ENTRIES, 'readonly', (all) => all.index('owner').getAll(owner));
  return Promise.all(
    rows.map(async ({ id, sealed }) => ({ id: Number(id), value: await unseal<T>(owner, sealed) })),
  );
}
