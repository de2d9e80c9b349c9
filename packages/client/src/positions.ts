/**
 * What this client has written, so that no service refuses it for lack of that knowledge. A reply names a log and a
 * position in `lienthong-written`; every later request carries them all in `lienthong-after`.
 */
export interface Positions {
  /** As the header has it: `casework=12,directory=1234`; '' when nothing was written. */
  read(): string;
  /** Takes what another client has written. Ignores what is not of the header's form. */
  add(text: string): void;
}

const ONE = /^\s*([a-z][a-z-]*)=(\d{1,15})\s*$/;

export function createPositions(): Positions {
  const last = new Map<string, number>();
  return {
    read: () => [...last].map(([log, position]) => `${log}=${position}`).join(','),
    add(text) {
      for (const part of text.split(',')) {
        const [, log = '', position] = ONE.exec(part) ?? [];
        if (log !== '') last.set(log, Math.max(Number(position), last.get(log) ?? 0));
      }
    },
  };
}
