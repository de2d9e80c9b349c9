import { AnswerState, DeliveryStatus, SteeringType } from '@lienthong/contracts/routing';
import { agency } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, plan, say, send, type World } from './support/world.ts';

const S = DeliveryStatus;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const first = agency({ code: 'H61.1', name: 'Xã Một' });
const second = agency({ code: 'H61.2', name: 'Xã Hai' });
const third = agency({ code: 'H61.3', name: 'Xã Ba' });

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, first, second, third);
});
afterAll(() => world.stop());

describe('a directive', () => {
  test('shows who has answered and when', async () => {
    world.clock.set('2026-01-15T01:00:00Z');
    const directive = await send(
      world.as(province),
      plan([first, second, third], { steering: SteeringType.DIRECTIVE, dueOn: '2026-01-20' }),
    );
    const answer = (caller: typeof first) =>
      send(
        world.as(caller),
        plan([province], {
          type: 'BC',
          notation: 'BC-UBND',
          steering: SteeringType.REPORT,
          respondsToId: directive.id,
        }),
      );
    const answersAt = async (at: string, more: object = {}) => {
      const reply = await world
        .as(province)
        .routing.listDirectiveAnswers({ documentId: directive.id, at, ...more });
      const { onTime, late, waiting, overdue } = reply;
      return { counts: [onTime, late, waiting, overdue], answers: reply.answers };
    };
    await say(world.as(third), directive.deliveryIds[2], S.REFUSED);
    // 20 January ends in Vietnam at 17:00 UTC.
    world.clock.set('2026-01-20T16:59:00Z');
    const onTime = await answer(first);
    expect((await answersAt('')).counts).toEqual([1, 0, 1, 0]);
    world.clock.set('2026-01-20T17:00:00Z');
    expect((await answersAt('')).counts).toEqual([1, 0, 0, 1]);
    await answer(second);
    await answer(first);
    const { counts, answers } = await answersAt('');
    expect(counts).toEqual([1, 1, 0, 0]);
    expect(answers.map((one) => [one.delivery?.addressedTo?.name, one.state])).toEqual([
      ['Xã Một', AnswerState.ON_TIME],
      ['Xã Hai', AnswerState.LATE],
    ]);
    expect(answers[0]?.delivery?.answeredById).toBe(onTime.id);
    expect((await answersAt('2026-01-19')).counts).toEqual([0, 0, 2, 0]);
    expect((await answersAt('', { states: [AnswerState.LATE] })).answers).toHaveLength(1);
    const { answers: page, nextPageToken } = await world
      .as(province)
      .routing.listDirectiveAnswers({ documentId: directive.id, pageSize: 1 });
    const next = await world
      .as(province)
      .routing.listDirectiveAnswers({ documentId: directive.id, pageSize: 1, pageToken: nextPageToken });
    expect([...page, ...next.answers].map((one) => one.delivery?.addressedTo?.code)).toEqual([
      'H61.1',
      'H61.2',
    ]);
    expect(next.nextPageToken).toBe('');
    world.clock.set('2026-01-15T01:00:00Z');
  });

  test("is the sender's to watch, and must be one", async () => {
    const { id } = await send(world.as(province), plan([first]));
    const ask = (caller: typeof first) => world.as(caller).routing.listDirectiveAnswers({ documentId: id });
    expect(await refusalOf(ask(province))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'NOT_A_DIRECTIVE',
    });
    expect(await refusalOf(ask(first))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'NOT_THE_SENDER',
    });
    expect(await refusalOf(ask(third))).toMatchObject({ code: 'NOT_FOUND' });
  });
});
