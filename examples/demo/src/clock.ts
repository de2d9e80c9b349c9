import type { Clock } from '@lienthong/kit';

export interface StoryClock extends Clock {
  /** Continues at a moment of the story, given in Vietnam's time: "2017-03-06 08:00". */
  jump(moment: string): void;
}

/** Runs at the pace of real time from the current moment of the story. */
export function storyClock(moment: string): StoryClock {
  let offset = 0;
  const clock: StoryClock = {
    now: () => new Date(Date.now() + offset),
    jump(to) {
      const at = Date.parse(`${to.replace(' ', 'T')}:00+07:00`);
      if (Number.isNaN(at)) throw new RangeError(`not a moment: ${to}`);
      offset = at - Date.now();
    },
  };
  clock.jump(moment);
  return clock;
}
