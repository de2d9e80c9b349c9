import type { AgencyClient } from '@lienthong/client';
import type { Agency } from '@lienthong/contracts/directory';
import { DeliveryState, DeliveryStatus } from '@lienthong/contracts/routing';
import {
  DEPARTMENTS_MERGE,
  mergeDepartments,
  mergeProvinces,
  newCode,
  newUnits,
  oldCode,
  oldUnits,
  PROVINCE_CODE,
  PROVINCES_MERGE,
  resolve,
  settled,
} from '@lienthong/sample-data';
import { noteDelivery } from './ledger.ts';
import { issue, receive, reportStatus, type Stage } from './stage.ts';
import type { Watch } from './watch.ts';

/**
 * Enacts a reorganisation on its day. Waits until open deliveries are rerouted to the successors and everybody is
 * notified: after the next jump of the clock the reroutes may be too old for a notification.
 */
export async function reorganise(
  stage: Stage,
  admin: AgencyClient,
  watch: Watch,
  date: string,
  agencies: () => Promise<Agency[]>,
) {
  const reroutedBefore = watch.rerouted();
  stage.clock.jump(`${date} 07:00`);
  const enacted = await (date === DEPARTMENTS_MERGE ? mergeDepartments(admin) : mergeProvinces(admin));
  await settled(admin);
  const ended = new Map(
    (await agencies()).filter((agency) => agency.endedOn === date).map((one) => [one.id, one]),
  );
  let moved = 0;
  let stranded = 0;
  for (const delivery of stage.ledger.deliveries.values()) {
    const holder = ended.get(delivery.holderId);
    if (holder === undefined || delivery.state !== DeliveryState.OPEN) continue;
    const successorId = holder.successors.find((succession) => succession.main)?.successorId;
    if (successorId === undefined) stranded += 1;
    else {
      noteDelivery(stage.ledger, delivery.id, { holderId: successorId });
      moved += 1;
    }
  }
  await settled(admin, () => watch.rerouted() - reroutedBefore >= moved);
  // The last reroutes may be younger than the status that was read before them.
  await settled(admin);
  return { enacted, ended: ended.size, moved, stranded };
}

export interface LateDocument {
  oldName: string;
  newName: string;
  code: string;
}

/**
 * 2025-07-03: a department answers a letter of the week before and writes to a commune under the code it had then.
 * That code belongs to another agency by now. The commune's successor gets the letter and sees the original recipient.
 */
export async function sendLate(stage: Stage, admin: AgencyClient): Promise<LateDocument> {
  stage.clock.jump('2025-07-03 08:30');
  const issuerId = await resolve(admin, `${PROVINCE_CODE}.TP`, '2025-07-03');
  const reused = newUnits.find(
    (unit) =>
      unit.tier === 'commune' &&
      oldUnits.some((old) => oldCode(old) === newCode(unit) && old.name !== unit.name),
  );
  if (!issuerId || !reused) throw new Error('the sample data has no code that was given to another agency');
  const code = newCode(reused);
  const [before, after] = await Promise.all([
    resolve(admin, code, '2025-06-27'),
    resolve(admin, code, PROVINCES_MERGE),
  ]);
  if (before === undefined || after === undefined || before === after)
    throw new Error(`${code} names only one agency over time`);
  const id = await issue(stage, issuerId, 'V/v hộ tịch sau sắp xếp đơn vị hành chính', {
    notation: 'STP-HCTP',
    type: 'CV',
    promulgatedOn: '2025-06-27',
    signer: { competence: 'GIÁM ĐỐC', position: 'Giám đốc', fullName: 'Lê Văn Mẫu' },
    recipients: [{ recipient: { $case: 'code', value: { scheme: '', code } } }],
  });
  const [sent] = [...stage.ledger.deliveries.values()].filter((delivery) => delivery.documentId === id);
  if (!sent || sent.addressedToId !== before || sent.holderId === before) {
    throw new Error('the late letter did not reach the successor');
  }
  const deliveryId = await receive(stage, sent.holderId, id);
  await reportStatus(stage, sent.holderId, deliveryId, DeliveryStatus.ARRIVED);
  await reportStatus(stage, sent.holderId, deliveryId, DeliveryStatus.ACCEPTED);
  const { delivery } = await stage.of(sent.holderId).routing.getDelivery({ deliveryId });
  return { code, oldName: delivery?.addressedTo?.name ?? '', newName: delivery?.holder?.name ?? '' };
}
