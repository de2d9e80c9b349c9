import IntlMessageFormat from 'intl-messageformat';
import { createSignal, useSignal } from '../api/signal.ts';
import type { Language } from './dates.ts';
import vi from './vi.json' with { type: 'json' };

export type Key = keyof typeof vi;
export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

const STORED = 'lienthong-language';
/** Texts, and compiled ones where something is to be filled in. */
type Message = ConstructorParameters<typeof IntlMessageFormat>[0];
const messages: Partial<Record<Language, Record<Key, Message>>> = { vi };
export const language = createSignal<Language>('vi');
const formats = new Map<string, IntlMessageFormat>();

/** Changes the language of all texts, once they are there. */
export async function speak(next: Language): Promise<void> {
  if (next === 'en') messages.en ??= (await import('./en.json', { with: { type: 'json' } })).default;
  document.documentElement.lang = next;
  localStorage.setItem(STORED, next);
  language.set(next);
}

/** The language that was chosen in this browser. */
export const speakAsBefore = (): Promise<void> => speak(localStorage.getItem(STORED) === 'en' ? 'en' : 'vi');

export function translate(key: Key, values?: Values): string {
  const spoken = language.get();
  const message: Message = messages[spoken]?.[key] ?? vi[key] ?? key;
  if (typeof message === 'string' && !message.includes('{')) return message;
  const id = `${spoken} ${key}`;
  const format = formats.get(id) ?? new IntlMessageFormat(message, spoken);
  formats.set(id, format);
  return String(format.format(values));
}

/** Texts in the language that is chosen. */
export function useText(): { t: Translate; language: Language } {
  return { t: translate, language: useSignal(language) };
}
