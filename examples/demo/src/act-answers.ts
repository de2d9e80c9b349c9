import { DeliveryStatus, SteeringType } from '@lienthong/contracts/routing';
import { conductOf, type Plan } from './act-plan.ts';
import type { Party } from './agencies.ts';
import { deliveriesOf, noteDelivery } from './ledger.ts';
import { issue, receive, reportStatus, type Stage, toCode } from './stage.ts';

export interface Answers {
  onTime: number;
  late: number;
  overdue: number;
}

// An agency that returns the plan as misdirected owes no answer.
type When = 'on time' | 'late' | 'never' | 'not due';

function whenOf(index: number, party: Party): When {
  const conduct = conductOf(index, party);
  if (conduct === 'refuses') return 'not due';
  if (conduct === 'unopened' || index % 10 === 9) return 'never';
  return index % 10 >= 7 ? 'late' : 'on time';
}

/** Reports that answer the plan: most by the due date, some after it, some never. */
export async function answerPlan(stage: Stage, province: Party, plan: Plan): Promise<Answers> {
  const answering = (when: When) => plan.recipients.filter((party, i) => whenOf(i, party) === when);
  stage.clock.jump('2017-03-28 09:00');
  await report(stage, province, plan, answering('on time'), '2017-03-28');
  stage.clock.jump('2017-04-05 09:00');
  await report(stage, province, plan, answering('late'), '2017-04-05');
  return {
    onTime: answering('on time').length,
    late: answering('late').length,
    overdue: answering('never').length,
  };
}

async function report(
  stage: Stage,
  province: Party,
  plan: Plan,
  reporters: readonly Party[],
  promulgatedOn: string,
): Promise<void> {
  const mine = new Map(deliveriesOf(stage.ledger, plan.id).map((one) => [one.holderId, one]));
  await Promise.all(
    reporters.map(async (party) => {
      const id = await issue(stage, party.id, `Báo cáo rà soát thủ tục hành chính của ${party.name}`, {
        notation: 'BC-UBND',
        type: 'BC',
        promulgatedOn,
        signer: { competence: 'TM. ỦY BAN NHÂN DÂN', position: 'Chủ tịch', fullName: 'Trần Thị Mẫu' },
        steering: SteeringType.REPORT,
        respondsToId: plan.id,
        recipients: [toCode(province)],
      });
      const directive = mine.get(party.id);
      if (!directive) throw new Error(`${party.name} did not receive the plan`);
      noteDelivery(stage.ledger, directive.id, { answered: true });
      const deliveryId = await receive(stage, province.id, id);
      await reportStatus(stage, province.id, deliveryId, DeliveryStatus.ARRIVED);
      await reportStatus(stage, province.id, deliveryId, DeliveryStatus.ACCEPTED);
    }),
  );
}
