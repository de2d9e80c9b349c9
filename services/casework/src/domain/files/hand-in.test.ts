import { PLATFORM } from '@lienthong/kit';
import { expect, test } from 'vitest';
import { fourSteps } from '../../../test/support/procedures.ts';
import { type Act, createScenario, SECRET } from '../../../test/support/scenario.ts';

const building = fourSteps();

const file = (n: number): Act => ({
  kind: 'hand-in',
  file: {
    sha256: String(n).padStart(64, '0'),
    name: SECRET,
    contentType: 'application/pdf',
    sizeBytes: 9,
  },
});

function awaiting() {
  const at = createScenario([building]);
  at.lodge(building);
  at.carryOut(at.province.commune.officer, {
    kind: 'request-supplement',
    content: SECRET,
    reason: SECRET,
    contactPhone: SECRET,
  });
  return at;
}

test('a file that is handed in is carried from then on, and the dossier goes on waiting', () => {
  const at = awaiting();
  const { change, events } = at.carryOut(PLATFORM, file(1));
  expect(events.map(({ type }) => type)).toEqual(['lienthong.casework.v1.SupplementFileHandedIn']);
  expect(change.files).toEqual({ carried: [String(1).padStart(64, '0')], left: [] });
  expect(at.dossier.pause).not.toBeNull();
  expect(at.refusal(PLATFORM, file(1))).toMatchObject({
    kind: 'already-exists',
    reason: 'HANDED_IN_ALREADY',
  });
});

test('who works on it at the holder is named once an hour, also when nobody has the task', () => {
  const at = awaiting();
  const { officer, agency } = at.province.commune;
  const named = (n: number) => {
    const { events } = at.carryOut(PLATFORM, file(n));
    const [event] = events;
    if (event?.type !== 'lienthong.casework.v1.SupplementFileHandedIn') throw new Error('not handed in');
    return [event.payload.officerId, event.payload.agencyId];
  };
  // The officer who requested it.
  expect(at.dossier.open.map(({ assigneeId }) => assigneeId)).toEqual(['']);
  expect(named(1)).toEqual([officer.id, agency.id]);
  at.now += 59 * 60_000;
  expect(named(2)).toEqual(['', '']);
  at.now += 60 * 60_000;
  expect(named(3)).toEqual([officer.id, agency.id]);

  const assigned = createScenario([building]);
  assigned.lodge(building);
  const { agency: holder, clerk, head, colleague } = assigned.province.commune;
  assigned.carryOut(head, { kind: 'assign', taskNumber: 1, officerId: colleague.id });
  const request: Act = { kind: 'request-supplement', content: SECRET, reason: SECRET, contactPhone: SECRET };
  assigned.carryOut(clerk, request);
  const [event] = assigned.carryOut(PLATFORM, file(1)).events;
  expect(event?.payload).toMatchObject({ officerId: colleague.id, agencyId: holder.id });
});

test('a file that becomes a paper stays carried', () => {
  const at = awaiting();
  at.carryOut(PLATFORM, file(1));
  const [handed] = at.dossier.handedIn;
  const { change } = at.carryOut(at.province.commune.clerk, {
    kind: 'receive-supplement',
    papers: [{ key: '', name: SECRET, sha256: handed?.sha256 ?? '', originals: 0, copies: 0 }],
    data: {},
  });
  expect(change.files).toBeUndefined();
});

test('fifty files are enough', () => {
  const at = awaiting();
  for (let n = 0; n < 50; n += 1) at.carryOut(PLATFORM, file(n));
  expect(at.refusal(PLATFORM, file(50))).toMatchObject({ reason: 'TOO_MANY_FILES' });
  expect(at.refusal(PLATFORM, file(7))).toMatchObject({ reason: 'HANDED_IN_ALREADY' });
});
