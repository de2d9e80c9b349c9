import { type Dossier, Party, Task } from '@lienthong/contracts/casework';
import { Officer } from '@lienthong/contracts/directory';
import { expect, test } from 'vitest';
import { moverDifferences } from '../src/dossiers/movers.ts';

const CODE = 'H61.29542-250630-0001';
const task = (number: number, closedAt: string, closedBy: string) =>
  Task.fromPartial({ number, agency: { agencyId: 'successor' }, closedAt: new Date(closedAt), closedBy });
const dossier: Pick<Dossier, 'code' | 'tasks'> = {
  code: CODE,
  tasks: [
    task(1, '2025-06-30T02:00:00Z', 'of the ward'),
    task(2, '2025-07-02T02:00:00Z', 'moved'),
    {
      ...task(3, '2025-07-03T02:00:00Z', 'who stayed'),
      agency: Party.fromPartial({ agencyId: 'department' }),
    },
    Task.fromPartial({ number: 4 }),
  ],
};
const moved = Officer.fromPartial({
  ...{ id: 'moved', agencyId: 'successor', validFrom: '2025-07-01', afterEnd: true },
  earlier: [{ agencyId: 'ward', validFrom: '2025-04-01', validTo: '2025-07-01' }],
});
const appointed = Officer.fromPartial({
  ...{ id: 'new', agencyId: 'successor', position: 'Chuyên viên', validFrom: '2025-07-01' },
});
const byStranger = /task 2 was done by an officer who did not move with the merger$/;
const newOne = /a Chuyên viên was appointed at a successor that works on it$/;

test.each<[string, Pick<Dossier, 'code' | 'tasks'>, Officer[], RegExp[]]>([
  ['agree when they moved', dossier, [moved], []],
  ['differ when one moved to another successor', dossier, [{ ...moved, agencyId: 'other' }], [byStranger]],
  ['differ when one moved later', dossier, [{ ...moved, validFrom: '2025-08-01' }], [byStranger]],
  ['differ when one moved without the merger', dossier, [{ ...moved, afterEnd: false }], [byStranger]],
  ['differ when somebody else was appointed', dossier, [moved, appointed], [newOne]],
  [
    'differ when the one who goes on was appointed',
    { ...dossier, tasks: [task(2, '2025-07-02T02:00:00Z', 'new')] },
    [moved, appointed],
    [byStranger, newOne],
  ],
  [
    'differ when nobody goes on',
    { ...dossier, tasks: dossier.tasks.slice(0, 1) },
    [moved],
    [/no successor did a task after the merger$/],
  ],
])('the officers after the merger %s', (_, dossier, officers, messages) => {
  expect(moverDifferences(dossier, new Set(['successor']), officers)).toEqual(
    messages.map((one) => expect.stringMatching(one)),
  );
});
