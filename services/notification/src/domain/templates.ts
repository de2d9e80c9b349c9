import type { Reader } from '@lienthong/kit';
import type { Values } from './topics.ts';

export interface Rendered {
  title: string;
  body: string;
  /** Of the template it was made with. */
  version: number;
}

/** The templates as one process knows them. */
export interface Templates {
  /** Reads what was saved since the last time. */
  refresh(reader: Reader): Promise<unknown>;
  /** By the newest version; the key is topic, channel and language: "task-assigned/email/vi". */
  render(key: string, values: Values): Rendered;
}
