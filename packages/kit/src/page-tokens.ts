import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { Database } from './postgres/database.ts';
import type { MigrationSet } from './postgres/migration-files.ts';

/** Seals cursors, so that a caller can neither read nor forge one (AES-256-GCM). */
export interface PageTokens {
  /** @param list the list, its reader and its filter; the token opens for the same three alone */
  seal(cursor: unknown, list: string): string;
  /** The cursor; undefined when the token is not from this list. */
  open(token: string, list: string): unknown;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param bytes 32 bytes, the same for all processes of a service */
export function createPageTokens(bytes: Uint8Array): PageTokens {
  const key = createSecretKey(bytes);
  return {
    seal(cursor, list) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(list));
      const sealed = [
        nonce,
        cipher.update(JSON.stringify(cursor), 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ];
      return Buffer.concat(sealed).toString('base64url');
    },
    open(token, list) {
      const sealed = Buffer.from(token, 'base64url');
      if (sealed.length <= NONCE_BYTES + TAG_BYTES) return undefined;
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(list));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8');
      try {
        return JSON.parse(text + decipher.final('utf8'));
      } catch {
        // Sealed with another key or for another list; the error has no more information.
        return undefined;
      }
    },
  };
}

/** The table that keeps the key, in the schema of every service. */
export const pageTokenMigrations: MigrationSet = {
  name: 'kit',
  folder: new URL('../migrations/', import.meta.url),
};

export async function readPageTokenKey(db: Database): Promise<Uint8Array> {
  const [row] = await db.query<{ key: Buffer }>({
    name: 'kit_page_token_key',
    text: 'select key from page_token_key',
  });
  if (row === undefined)
    throw new Error('the table page_token_key is empty; insert a key of 32 random bytes');
  return row.key;
}
