import { randomUUID } from 'node:crypto';
import type { Agency } from '@lienthong/contracts/directory';
import { BusinessKind, SecrecyMark, SteeringType, Urgency } from '@lienthong/contracts/routing';
import { agency, ended } from '@lienthong/reference-data/testing';
import { refusalOf } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { all, fieldRefused, openWorld, plan, send, type World } from './support/world.ts';

const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh Vĩnh Long' });
const department = agency({ code: 'H61.SKHDT', name: 'Sở Kế hoạch và Đầu tư' });
const commune = agency({ code: 'H61.29542', name: 'Xã Mới', establishedOn: '2025-07-01' });
const old = ended(agency({ code: 'H61.29542', name: 'Xã Cũ' }), '2025-07-01', commune.id);
const young = agency({ code: 'H61.29999', name: 'Xã Trẻ', establishedOn: '2025-07-01' });
const earlier = ended(agency({ code: 'H61.29100', name: 'Xã Trước' }), '2025-07-01', commune.id);
const gone = ended(agency({ code: 'H61.855', name: 'Huyện' }), '2025-07-01');
const twins = ['Đội 1', 'Đội 2'].map((name) => agency({ code: 'H61.TWIN', name }));

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.announce(province, department, commune, young, old, earlier, gone, ...twins);
});
afterAll(() => world.stop());

const issue = (more: Parameters<typeof plan>[1], recipients = [department]) =>
  world.as(province).routing.issueDocument(plan(recipients, more));
const code = (value: string, asOf = '') => ({
  recipient: { $case: 'code' as const, value: { code: value } },
  asOf,
});

describe('a document', () => {
  test('is numbered, kept whole, and reaches inbox and outbox', async () => {
    const { document, id, deliveryIds } = await send(
      world.as(province),
      plan([department, commune], {
        notation: 'QĐ-UBND',
        subject: 'Tho\u0302ng ba\u0301o', // "Thông báo" in NFD
        content: 'Nội dung',
        urgency: Urgency.FLASH_TIMED,
        deliverBy: new Date('2026-01-16T00:00:00Z'),
        steering: SteeringType.DIRECTIVE,
        dueOn: '2026-02-01',
        tasks: [{ content: 'Rà soát', dueOn: '2026-01-20' }],
        toPlaces: ['Như trên'],
        appendixes: ['Phụ lục I'],
        pageAmount: 3,
      }),
    );
    expect(document).toMatchObject({
      issuerId: province.id,
      issuerName: 'Ủy ban nhân dân tỉnh Vĩnh Long',
      number: '01',
      year: 2026,
      subject: 'Thông báo'.normalize('NFC'),
      promulgatedOn: '2026-01-15',
      businessKind: BusinessKind.NEW,
      recipientCount: 2,
      issuedBy: 'văn thư',
      issuedAt: world.clock.now(),
    });
    for (const reader of [province, department, commune])
      expect((await world.as(reader).routing.getDocument({ documentId: id })).document).toEqual(document);
    const [item] = await all(world.as(department).inbox());
    expect(item?.delivery).toMatchObject({
      id: deliveryIds[0],
      addressedTo: { name: 'Sở Kế hoạch và Đầu tư', code: 'H61.SKHDT' },
      sender: { agencyId: province.id, code: 'H61' },
      version: 1n,
    });
    expect(item?.document).toMatchObject({
      id,
      number: '01',
      dueOn: '2026-02-01',
      steering: SteeringType.DIRECTIVE,
    });
    expect((await all(world.as(province).outbox())).map((one) => one.document?.id)).toContain(id);
  });

  test('is nothing to those who take no part', async () => {
    const { id, deliveryIds } = await send(world.as(province), plan([department]));
    const stranger = world.as(commune).routing;
    expect(await refusalOf(stranger.getDocument({ documentId: id }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'DOCUMENT_NOT_FOUND',
    });
    expect(await refusalOf(stranger.getDelivery({ deliveryId: deliveryIds[0] }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'DELIVERY_NOT_FOUND',
    });
    expect(await refusalOf(stranger.listDeliveries({ documentId: id }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await refusalOf(stranger.recallDocument({ requestId: randomUUID(), documentId: id, reason: 'x' })),
    ).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await refusalOf(world.as(province, 'auditor').routing.getDocument({ documentId: id })),
    ).toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  test('to an old code reaches the successor', async () => {
    const { deliveries } = await issue({ recipients: [code('H61.29100')] });
    expect(deliveries).toMatchObject([{ addressedToId: earlier.id, holderId: commune.id }]);
  });

  test('to 5,000 agencies is one call', async () => {
    const many = Array.from({ length: 5000 }, (_, i) => agency({ code: `H61.M${i}`, name: `Đơn vị ${i}` }));
    for (let i = 0; i < many.length; i += 1000) await world.announce(...many.slice(i, i + 1000));
    const { id, deliveryIds } = await send(world.as(province), plan(many));
    expect(new Set(deliveryIds).size).toBe(5000);
    const rows = await world.db.query<{ n: number }>({
      text: 'select count(*) as n from delivery where document_id = $1',
      values: [id],
    });
    expect(rows).toEqual([{ n: 5000 }]);
    expect((await all(world.as(many[4999] as Agency).inbox())).map((one) => one.document?.id)).toEqual([id]);
    const tooMany = [...many, department].map((one) => ({
      recipient: { $case: 'agencyId' as const, value: one.id },
    }));
    expect(await refusalOf(issue({ recipients: tooMany }))).toEqual(fieldRefused('recipients', 'TOO_MANY'));
  });
});

describe('bad input', () => {
  const uuid = randomUUID();
  test.each<[string, Parameters<typeof plan>[1], string, string]>([
    ['no recipient', { recipients: [] }, 'recipients', 'RECIPIENT_MISSING'],
    ['a recipient that is none', { recipients: [{}] }, 'recipients[0]', 'FIELD_REQUIRED'],
    ['an unknown code', { recipients: [code('H99.1')] }, 'recipients[0].code', 'CODE_UNKNOWN'],
    [
      'a code of another day',
      { recipients: [code('H61.29999', '2025-06-30')] },
      'recipients[0].code',
      'CODE_NOT_VALID_AT_DATE',
    ],
    [
      'an old code that nobody has taken over',
      { recipients: [code('H61.855')] },
      'recipients[0].code',
      'RECIPIENT_ENDED',
    ],
    ['an ambiguous code', { recipients: [code('H61.TWIN')] }, 'recipients[0].code', 'CODE_AMBIGUOUS'],
    [
      'an unknown agency',
      { recipients: [{ recipient: { $case: 'agencyId', value: uuid } }] },
      'recipients[0].agency_id',
      'AGENCY_UNKNOWN',
    ],
    [
      'an agency id that is no UUID',
      { recipients: [{ recipient: { $case: 'agencyId', value: 'x' } }] },
      'recipients[0].agency_id',
      'UUID_INVALID',
    ],
    [
      'an impossible as_of',
      { recipients: [code('H61', '2025-02-30')] },
      'recipients[0].as_of',
      'DATE_INVALID',
    ],
    [
      'an ended agency without successor',
      { recipients: [code('H61.855', '2025-06-30')] },
      'recipients[0].code',
      'RECIPIENT_ENDED',
    ],
    [
      'a recipient twice',
      { recipients: [code('H61.SKHDT'), { recipient: { $case: 'agencyId', value: department.id } }] },
      'recipients[1].agency_id',
      'RECIPIENT_TWICE',
    ],
    ['a state secret', { secrecyMark: SecrecyMark.SECRET }, 'secrecy_mark', 'STATE_SECRET'],
    ['a long number', { number: '123456789012' }, 'number', 'FIELD_TOO_LONG'],
    ['a number with its notation', { number: '7/UBND' }, 'number', 'NUMBER_INVALID'],
    ['no notation', { notation: ' ' }, 'notation', 'FIELD_REQUIRED'],
    ['a long notation', { notation: 'Đ'.repeat(31) }, 'notation', 'FIELD_TOO_LONG'],
    ['no subject', { subject: '' }, 'subject', 'FIELD_REQUIRED'],
    ['a long subject', { subject: 'ế'.repeat(501) }, 'subject', 'FIELD_TOO_LONG'],
    ['an unknown type', { type: 'XX' }, 'type', 'TYPE_UNKNOWN'],
    ['a long position', { signer: { position: 'x'.repeat(101) } }, 'signer.position', 'FIELD_TOO_LONG'],
    ['a long name', { signer: { fullName: 'x'.repeat(51) } }, 'signer.full_name', 'FIELD_TOO_LONG'],
    ['a long place', { toPlaces: ['x', 'x'.repeat(151)] }, 'to_places[1]', 'FIELD_TOO_LONG'],
    ['a long appendix', { appendixes: ['x'.repeat(251)] }, 'appendixes[0]', 'FIELD_TOO_LONG'],
    ['an impossible date', { promulgatedOn: '2026-02-30' }, 'promulgated_on', 'DATE_INVALID'],
    ['a date to come', { promulgatedOn: '2026-01-16' }, 'promulgated_on', 'DATE_IN_FUTURE'],
    ['a directive without due date', { steering: SteeringType.DIRECTIVE }, 'due_on', 'FIELD_REQUIRED'],
    [
      'a directive due before its date',
      { steering: SteeringType.DIRECTIVE, dueOn: '2026-01-14' },
      'due_on',
      'DATE_TOO_EARLY',
    ],
    [
      'a task due before the date',
      { tasks: [{ content: 'x', dueOn: '2026-01-01' }] },
      'tasks[0].due_on',
      'DATE_TOO_EARLY',
    ],
    ['timed flash without a time', { urgency: Urgency.FLASH_TIMED }, 'deliver_by', 'FIELD_REQUIRED'],
    ['an urgency that is none', { urgency: 9 as Urgency }, 'urgency', 'ENUM_INVALID'],
    [
      'a revocation without reason',
      { businessKind: BusinessKind.REVOKE, refersToId: uuid },
      'business_reason',
      'FIELD_REQUIRED',
    ],
    [
      'a revocation of nothing',
      { businessKind: BusinessKind.REVOKE, businessReason: 'x' },
      'refers_to_id',
      'FIELD_REQUIRED',
    ],
    [
      'a revocation of an unknown document',
      { businessKind: BusinessKind.REVOKE, businessReason: 'x', refersToId: uuid },
      'refers_to_id',
      'DOCUMENT_UNKNOWN',
    ],
    ['an answer to an unknown document', { respondsToId: uuid }, 'responds_to_id', 'DOCUMENT_UNKNOWN'],
    [
      'an attachment never uploaded',
      { attachments: [{ sha256: 'ab'.repeat(32), name: 'a.pdf' }] },
      'attachments[0].sha256',
      'ATTACHMENT_NOT_UPLOADED',
    ],
    [
      'a digest that is none',
      { attachments: [{ sha256: 'AB', name: 'a.pdf' }] },
      'attachments[0].sha256',
      'DIGEST_INVALID',
    ],
    [
      'a long attachment name',
      { attachments: [{ sha256: 'ab'.repeat(32), name: 'x'.repeat(201) }] },
      'attachments[0].name',
      'FIELD_TOO_LONG',
    ],
    ['a request_id that is no UUID', { requestId: 'x' }, 'request_id', 'UUID_INVALID'],
  ])('%s', async (_, more, field, reason) => {
    expect(await refusalOf(issue(more))).toEqual(fieldRefused(field, reason));
  });

  test('lengths count characters of the NFC form', async () => {
    const longest = 'ế'.repeat(500).normalize('NFD');
    const { document } = await send(world.as(province), plan([department], { subject: longest }));
    expect(document.subject).toBe('ế'.repeat(500).normalize('NFC'));
  });

  test('a number used already that year', async () => {
    const given = { number: '7816', notation: 'VPCP-TTĐT' };
    expect((await send(world.as(province), plan([department], given))).document.number).toBe('7816');
    for (const number of ['7816', '07816'])
      expect(await refusalOf(issue({ ...given, number }))).toEqual(
        fieldRefused('number', 'NUMBER_ALREADY_USED', 'ALREADY_EXISTS'),
      );
    // The notation is the same in both Unicode forms, another year is another series.
    expect(await refusalOf(issue({ ...given, notation: 'VPCP-TTĐT'.normalize('NFD') }))).toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await issue({ ...given, promulgatedOn: '2025-12-31' });
    expect(
      (await send(world.as(province), plan([department], { notation: 'VPCP-TTĐT' }))).document.number,
    ).toBe('01');
  });

  test('an agency that has ended does not issue any more', async () => {
    const request = plan([department]);
    expect(await refusalOf(world.as(old).routing.issueDocument(request))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'AGENCY_ENDED',
    });
    expect(await refusalOf(world.as({ id: randomUUID() }).routing.issueDocument(request))).toMatchObject({
      reason: 'AGENCY_UNKNOWN',
    });
    expect(await refusalOf(world.as({ id: '' }).routing.issueDocument(request))).toMatchObject({
      code: 'PERMISSION_DENIED',
      reason: 'ROLE_MISSING',
    });
  });

  test('an oversized message', async () => {
    expect(await refusalOf(issue({ content: 'x'.repeat(5 * 1024 * 1024) }))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
    });
    expect(await refusalOf(issue({ content: 'x'.repeat(100_001) }))).toEqual(
      fieldRefused('content', 'FIELD_TOO_LONG'),
    );
  });
});
