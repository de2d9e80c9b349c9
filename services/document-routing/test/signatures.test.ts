import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignedBy } from '@lienthong/client/sign';
import {
  CertificateTrust,
  DeliveryState,
  DeliveryStatus,
  SignatureFormat,
  SignatureState,
} from '@lienthong/contracts/routing';
import { createPress } from '@lienthong/paper';
import { agency } from '@lienthong/reference-data/testing';
import { signPdf } from '@lienthong/signatures';
import { refusalOf, signingAuthority } from '@lienthong/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signAgain } from '../../../packages/signatures/test/sign-again.ts';
import { agencySeal, person, signedPlan, signerOf } from './support/signed.ts';
import { all, fieldRefused, openWorld, plan, say, send, type World } from './support/world.ts';

const S = DeliveryStatus;
const province = agency({ code: 'H61', name: 'Ủy ban nhân dân tỉnh' });
const commune = agency({ code: 'H61.1', name: 'Xã Một' });
const CHAIRMAN = 'Nguyễn Văn A';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-signed-'));
const [caFile, crlFile] = [join(folder, 'ca.pem'), join(folder, 'crl.pem')];
const authority = signingAuthority();
writeFileSync(caFile, authority.certificate);
writeFileSync(crlFile, authority.crl());
const chairman = authority.issue({ CN: CHAIRMAN, O: 'Ủy ban nhân dân tỉnh' }, { key: 'rsa-2048' });
const seal = authority.issue({ CN: 'Ủy ban nhân dân tỉnh', organizationIdentifier: 'H61' });

let world: World;
let open: World;
beforeAll(async () => {
  world = await openWorld({ SIGNATURE_CA_FILE: caFile, SIGNATURE_CRL_FILE: crlFile });
  open = await openWorld();
  for (const one of [world, open]) await one.announce(province, commune);
});
afterAll(async () => {
  await Promise.all([world.stop(), open.stop()]);
  rmSync(folder, { recursive: true });
});

const signed = (by: readonly SignedBy[]) => signedPlan(world, [province, commune], by);
const issueOf = async (request: Parameters<typeof send>[1], in_: World = world) =>
  send(in_.as(province), request);

test('signatures are checked at issue and on receipt, recorded and shown', async () => {
  const { id, deliveryIds } = await issueOf(await signed([person(chairman), agencySeal(seal)]));
  const { document } = await world.as(commune).routing.getDocument({ documentId: id });
  expect(document?.signatures.map(({ role }) => role)).toEqual([1, 2]);
  expect(document?.signatureVerdict).toMatchObject({
    state: SignatureState.VALID,
    checkedAt: world.clock.now(),
    checks: [
      {
        valid: true,
        revocationChecked: true,
        trustedBy: CertificateTrust.AUTHORITY,
        ocspResponses: [],
        certificate: { commonName: CHAIRMAN },
      },
      { valid: true, certificate: { identifiers: ['H61'] } },
    ],
  });
  const inbox = await all(world.as(commune).inbox({}));
  expect(inbox.find((one) => one.document?.id === id)?.document?.signatureState).toBe(SignatureState.VALID);
  await say(world.as(commune), deliveryIds[0], S.ARRIVED, S.ACCEPTED);
  const { delivery } = await world.as(province).routing.getDelivery({ deliveryId: deliveryIds[0] });
  expect(delivery).toMatchObject({ status: S.ACCEPTED, signatureState: SignatureState.VALID });
});

test('a document without signatures goes on as before', async () => {
  const { deliveryIds, document } = await issueOf(plan([commune]));
  expect(document.signatureVerdict).toBeUndefined();
  await say(world.as(commune), deliveryIds[0], S.ARRIVED);
  const { delivery } = await world.as(commune).routing.getDelivery({ deliveryId: deliveryIds[0] });
  expect(delivery).toMatchObject({ status: S.ARRIVED, signatureState: SignatureState.UNSPECIFIED });
});

describe('at issue', () => {
  const refusedFor = (fault: string) => fieldRefused('signatures[0].signature', fault);

  test('a signature of other content is refused', async () => {
    const request = await signed([person(chairman)]);
    for (const changed of [
      { subject: 'Khác' },
      { number: `${request.number}a` },
      { toPlaces: ['Lưu: VT'] },
      { tasks: [{ content: 'Báo cáo', dueOn: '' }] },
    ])
      expect(await refusalOf(issueOf({ ...request, ...changed }))).toEqual(refusedFor('CONTENT_CHANGED'));
  });

  test('a signature of somebody else than its role says is refused', async () => {
    const another = authority.issue({ CN: 'Trần Văn B' });
    expect(await refusalOf(issueOf(await signed([person(another)])))).toEqual(refusedFor('SIGNER_DIFFERENT'));
    const commune = authority.issue({ CN: 'Xã Một', organizationIdentifier: 'H61.1' });
    expect(await refusalOf(issueOf(await signed([agencySeal(commune)])))).toEqual(
      refusedFor('SIGNER_DIFFERENT'),
    );
  });

  test('a certificate of an authority that is not known is refused', async () => {
    const stranger = signingAuthority().issue({ CN: CHAIRMAN });
    expect(await refusalOf(issueOf(await signed([person(stranger)])))).toEqual(
      refusedFor('CERTIFICATE_UNTRUSTED'),
    );
  });

  test('number and date are needed, and the format is CMS or JWS', async () => {
    const signatures = [{ format: 1, role: 1, signature: Buffer.of(1) }] as const;
    expect(await refusalOf(issueOf(plan([commune], { signatures: [...signatures] })))).toMatchObject({
      violations: ['number FIELD_REQUIRED', 'promulgated_on FIELD_REQUIRED'],
    });
    const wrong = [
      { format: 3, role: 0, signature: Buffer.alloc(0) },
      { format: 1, role: 1, signature: Buffer.alloc(65_537) },
    ] as const;
    const dated = { number: '7', promulgatedOn: '2026-01-15', signatures: [...wrong] };
    expect(await refusalOf(issueOf(plan([commune], dated)))).toMatchObject({
      violations: [
        'signatures[0].format ENUM_INVALID',
        'signatures[0].role ENUM_INVALID',
        'signatures[0].signature FIELD_REQUIRED',
        'signatures[1].signature SIGNATURE_TOO_LARGE',
      ],
    });
  });

  test('where no authority is known, signatures are not accepted', async () => {
    expect(await refusalOf(issueOf(await signed([person(chairman)]), open))).toEqual(
      fieldRefused('signatures', 'SIGNATURES_NOT_ACCEPTED'),
    );
  });

  test('where signatures are required, both are', async () => {
    const strict = await openWorld({ SIGNATURE_CA_FILE: caFile, SIGNATURES: 'required' });
    try {
      await strict.announce(province, commune);
      expect(await refusalOf(issueOf(plan([commune]), strict))).toMatchObject({
        violations: ['signatures SIGNATURE_REQUIRED'],
      });
      expect(await refusalOf(issueOf(await signed([person(chairman)]), strict))).toEqual(
        fieldRefused('signatures', 'SIGNATURE_REQUIRED'),
      );
      await issueOf(await signed([person(chairman), agencySeal(seal)]), strict);
    } finally {
      await strict.stop();
    }
  });
});

describe('inside a PDF', () => {
  let plain: Buffer;
  let pdf: Buffer;
  beforeAll(async () => {
    const press = createPress();
    const at = Date.parse('2026-01-05T08:40+07:00');
    const blocks = [{ kind: 'title' as const, text: 'QUYẾT ĐỊNH', note: '' }];
    plain = await press.print({ title: 'Quyết định', orientation: 'portrait', at, blocks }, 'pdf');
    await press.stop();
    pdf = await signPdf(plain, signerOf(seal), world.clock.now());
  });
  const changedPdf = () => Buffer.from(pdf.toString('latin1').replace('(D:2026', '(D:2025'), 'latin1');

  async function attached(content: Buffer, in_: World = world) {
    await in_.as(province).uploadAttachment(content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { attachments: [{ sha256, name: 'quyet-dinh.pdf', contentType: 'application/pdf' }] };
  }

  test('a valid signature is recorded', async () => {
    const { document } = await issueOf(plan([commune], await attached(pdf)));
    expect(document.signatureVerdict).toMatchObject({
      state: SignatureState.VALID,
      checks: [{ format: SignatureFormat.PADES, certificate: { commonName: 'Ủy ban nhân dân tỉnh' } }],
    });
  });

  test('what was added after a signature, for another one that is valid, is counted', async () => {
    const twice = await signAgain(plain, pdf, signerOf(chairman));
    const { document } = await issueOf(plan([commune], await attached(twice)));
    expect(document.signatureVerdict).toMatchObject({
      state: SignatureState.VALID,
      checks: [
        { certificate: { commonName: 'Ủy ban nhân dân tỉnh' }, laterBytes: twice.length - pdf.length },
        { certificate: { commonName: CHAIRMAN }, laterBytes: 0 },
      ],
    });
  });

  test('a broken one is refused at issue', async () => {
    const request = plan([commune], await attached(changedPdf()));
    expect(await refusalOf(issueOf(request))).toEqual(
      fieldRefused('attachments[0].sha256', 'CONTENT_CHANGED'),
    );
  });

  test('a broken one that was issued before signatures were checked goes back on receipt', async () => {
    const { deliveryIds } = await issueOf(plan([commune], await attached(changedPdf(), open)), open);
    await open.restart({ SIGNATURE_CA_FILE: caFile });
    await say(open.as(commune), deliveryIds[0], S.ARRIVED);
    const { delivery, history } = await open.as(province).routing.getDelivery({ deliveryId: deliveryIds[0] });
    expect(delivery).toMatchObject({
      status: S.REFUSED,
      state: DeliveryState.REFUSED,
      signatureState: SignatureState.INVALID,
    });
    expect(history).toMatchObject([
      {
        status: S.REFUSED,
        reason: 'Chữ ký số của Ủy ban nhân dân tỉnh không hợp lệ: nội dung đã bị thay đổi',
      },
    ]);
  });
});

test('a certificate that turns out to have been revoked before the issue sends the document back on receipt', async () => {
  const issued = await issueOf(await signed([person(chairman), agencySeal(seal)]));
  const dayBefore = new Date(world.clock.now().getTime() - 86_400_000);
  writeFileSync(crlFile, authority.crl([{ serialNumber: seal.serialNumber, at: dayBefore }]));
  const [deliveryId] = issued.deliveryIds;
  const { delivery: reported } = await world
    .as(commune)
    .routing.reportStatus({ deliveryId, status: S.ARRIVED, requestId: crypto.randomUUID() });
  expect(reported).toMatchObject({ status: S.REFUSED, signatureState: SignatureState.INVALID });
  const { history } = await world.as(province).routing.getDelivery({ deliveryId });
  expect(history[0]?.reason).toContain('chứng thư số đã bị thu hồi');
  expect(await refusalOf(issueOf(await signed([person(chairman), agencySeal(seal)])))).toEqual(
    fieldRefused('signatures[1].signature', 'CERTIFICATE_REVOKED'),
  );
});
