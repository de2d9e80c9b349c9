import type { Logger } from '@lienthong/kit';
import type { NatsConnection } from '@nats-io/nats-core';

/**
 * Tells the process that publishes a source's events of a commit in another one. A call may be lost, so the
 * listener polls too.
 */
export interface WakeUp {
  call(): void;
  /** Until the returned function is called. */
  listen(onCall: () => void): () => void;
}

export const wakeUpSubject = (root: string, source: string): string => `${root}.wake.${source}`;

export function createWakeUp(nats: NatsConnection, root: string, source: string, log: Logger): WakeUp {
  const subject = wakeUpSubject(root, source);
  let underway = false;
  let again = false;

  /** One call at a time: while NATS is away, the client keeps what it cannot send. */
  function call(): void {
    again = underway;
    if (underway || nats.isClosed() || nats.isDraining()) return;
    underway = true;
    nats.publish(subject);
    void nats
      .flush()
      .catch((err) => log.debug({ err, subject }, 'nobody was woken; they poll'))
      .then(() => {
        underway = false;
        if (again) call();
      });
  }

  return {
    call,
    listen(onCall) {
      const callback = (err: Error | null) => {
        if (err === null) onCall();
        else
          log.warn(
            { err, subject },
            'commits of other processes are found by polling: NATS refuses the subject',
          );
      };
      const calls = nats.subscribe(subject, { callback });
      return () => calls.unsubscribe();
    },
  };
}
