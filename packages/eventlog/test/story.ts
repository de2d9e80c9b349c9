import fc from 'fast-check';

/** Where a process crashes or pauses: at a marker in the bytes it sends, before or after the server gets them. */
export const points = {
  'before commit': ['postgres', 'before', 'commit'],
  'after commit': ['postgres', 'after', 'commit'],
  'before appending': ['postgres', 'before', 'eventlog_append'],
  'after appending': ['postgres', 'after', 'eventlog_append'],
  'before publish': ['nats', 'before', 'HPUB T'],
  'after publish': ['nats', 'after', 'HPUB T'],
  'before moving the cursor': ['postgres', 'before', 'eventlog_move_cursor'],
  'before applying': ['postgres', 'before', 'insert into applied'],
  'after applying': ['postgres', 'after', 'insert into applied'],
} as const;
export type Point = keyof typeof points;

export type Step =
  | { do: 'grow'; by: 0 | 1; commands: { tally: number; events: number; limit: number | undefined }[] }
  | { do: 'repeat'; by: 0 | 1; nth: number }
  | { do: 'crash'; at: Point; nth: number }
  | { do: 'pause'; at: Point; nth: number }
  | { do: 'crash now'; index: 0 | 1 }
  | { do: 'stop'; index: 0 | 1 }
  | { do: 'end sessions' }
  | { do: 'kill broker' }
  | { do: 'back up broker' }
  | { do: 'restore broker' }
  | { do: 'wipe broker' };

const index = fc.constantFrom<0 | 1>(0, 1);
const grow = fc.record({
  do: fc.constant<'grow'>('grow'),
  by: index,
  commands: fc.array(
    fc.record({
      tally: fc.nat(3),
      events: fc.integer({ min: 1, max: 3 }),
      limit: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});
const at = <T extends 'crash' | 'pause'>(name: T) =>
  fc.record({
    do: fc.constant(name),
    at: fc.constantFrom(...(Object.keys(points) as Point[])),
    nth: fc.integer({ min: 1, max: 4 }),
  });

export const stories: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: grow },
    { weight: 2, arbitrary: fc.record({ do: fc.constant<'repeat'>('repeat'), by: index, nth: fc.nat(50) }) },
    { weight: 6, arbitrary: at('crash') },
    { weight: 3, arbitrary: at('pause') },
    { weight: 1, arbitrary: fc.record({ do: fc.constant<'crash now'>('crash now'), index }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant<'stop'>('stop'), index }) },
    ...(['end sessions', 'kill broker', 'back up broker', 'restore broker', 'wipe broker'] as const).map(
      (name) => ({ weight: 1, arbitrary: fc.record({ do: fc.constant(name) }) as fc.Arbitrary<Step> }),
    ),
  ) as fc.Arbitrary<Step>,
  { minLength: 5, maxLength: 25 },
);
