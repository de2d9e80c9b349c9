import { type Sealer, tryOpen } from '@lienthong/kit';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { z } from 'zod';

/** A value that only this console reads, kept by the browser: any process of the console opens it. */
export interface SealedCookie<T> {
  /** Undefined when there is none, it was altered, another version wrote it, or its time is over. */
  read(c: Context): T | undefined;
  write(c: Context, value: T): void;
  clear(c: Context): void;
}

interface Options<T> {
  name: string;
  schema: z.ZodType<T>;
  sealer: Sealer;
  maxAgeSeconds: number;
  /** Over TLS: the cookie then belongs to this host alone (RFC 6265bis, 4.1.3.2). */
  secure: boolean;
}

/** Browsers take 4,096 bytes with name and attributes; tokens of some providers need more. */
const PART = 3_600;
const MOST_PARTS = 4;

/** What the cookie of a name holds, for as long as it is good. */
export function sealValue(sealer: Sealer, name: string, value: unknown, maxAgeSeconds: number): string {
  const until = Date.now() + maxAgeSeconds * 1_000;
  return sealer.seal(JSON.stringify({ until, value }), placeOf(name));
}

/** A value sealed for one cookie is not good in another one. */
const placeOf = (name: string): string => `cookie ${name}`;

export function sealedCookie<T>({
  name,
  schema,
  sealer,
  maxAgeSeconds,
  secure,
}: Options<T>): SealedCookie<T> {
  const place = placeOf(name);
  const prefix = secure ? ('host' as const) : undefined;
  const attributes = {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure,
    ...(prefix && { prefix }),
  } as const;
  const partName = (n: number) => (n === 0 ? name : `${name}-${n}`);
  const parts = Array.from({ length: MOST_PARTS }, (_, n) => partName(n));
  const readPart = (c: Context, part: string) => (prefix ? getCookie(c, part, prefix) : getCookie(c, part));
  return {
    read(c) {
      let text = '';
      for (const part of parts) {
        const value = readPart(c, part) ?? '';
        text += value;
        if (value.length < PART) break;
      }
      const opened = text === '' ? undefined : tryOpen(sealer, text, place);
      if (opened === undefined) return undefined;
      const { until, value } = JSON.parse(opened) as { until: number; value: unknown };
      return until > Date.now() ? schema.safeParse(value).data : undefined;
    },
    write(c, value) {
      const text = sealValue(sealer, name, value, maxAgeSeconds);
      const count = Math.floor(text.length / PART) + 1;
      if (count > MOST_PARTS)
        throw new Error(`the cookie ${name} has ${text.length} bytes, too many for a browser`);
      parts.forEach((part, n) => {
        if (n < count)
          setCookie(c, part, text.slice(n * PART, (n + 1) * PART), { ...attributes, maxAge: maxAgeSeconds });
        else if (readPart(c, part) !== undefined) deleteCookie(c, part, attributes);
      });
    },
    clear(c) {
      for (const part of parts) if (readPart(c, part) !== undefined) deleteCookie(c, part, attributes);
    },
  };
}
