import type { Reader } from '@lienthong/kit';
import type { Values } from './topics.ts';

export interface RenderedMessage {
  title: string;
  body: string;
  /** The version of the template. */
  version: number;
}

/** The templates as one process knows them. */
export interface Templates {
  /** Reads versions that were saved since the last call. */
  refresh(reader: Reader): Promise<unknown>;
  /** By the newest version; the key is topic, channel and language: "task-assigned/email/vi". */
  render(key: string, values: Values): RenderedMessage;
}
