import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { LienThongError } from '@lienthong/client';
import type { DeepPartial, HandInFileRequest, LodgeDossierResponse } from '@lienthong/contracts/casework';
import { refusalOf } from '@lienthong/testkit';
import { sequence, step, subProcedure } from '@lienthong/workflow/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { fourSteps, procedure } from './support/procedures.ts';
import { sampleProvince, settle } from './support/province.ts';
import { startScanner, type TestScanner } from './support/scanner.ts';
import { complete, dossierOf, lodging } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

const MiB = 1024 * 1024;
const p = sampleProvince();
const building = fourSteps();
const part = procedure(step('cap', { produces: ['giay-phep'] }));
/** Two sub-procedures with results of one key, and a result of its own. */
const linked = procedure(
  sequence(
    's',
    subProcedure('xac-nhan', part.code),
    subProcedure('xac-nhan-lai', part.code),
    step('tra-mot-lan', { produces: ['giay-phep'] }),
  ),
);

let scanner: TestScanner;
let world: World;
beforeAll(async () => {
  scanner = await startScanner();
  world = await openWorld({
    env: { CASEWORK_CITIZEN_FILE_MIB: '1', CASEWORK_SCAN_URL: scanner.url, CASEWORK_SCAN_TIMEOUT_S: '5' },
  });
  await settle(world, p);
  await world.publish(building, part, linked);
});
afterEach(() => {
  scanner.answer = undefined;
});
afterAll(async () => {
  await world.stop();
  await scanner.stop();
});

type Receipt = Pick<LodgeDossierResponse, 'code' | 'trackingSecret' | 'dossierId'>;
const next = ({ dossierId }: Receipt) => ({ requestId: randomUUID(), dossierId });
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const citizen = () => world.anybody.citizenFiles;
const of = ({ code, trackingSecret: secret }: Receipt) => ({ code, secret });

const pdf = (size = 5_000) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size)]);
/** Signature, header and the beginning of the picture's data, which the type is found from. */
const png = () =>
  Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    Buffer.from('0000000d49484452000000100000001008060000001ff3ff61', 'hex'),
    Buffer.from('00000bb849444154', 'hex'),
    randomBytes(3_000),
  ]);

async function* messages(
  receipt: Receipt,
  bytes: Uint8Array,
  more: { name?: string; secret?: string; code?: string } = {},
): AsyncGenerator<DeepPartial<HandInFileRequest>> {
  const content = { sha256: sha256Of(bytes), sizeBytes: BigInt(bytes.length) };
  yield { content: { $case: 'header', value: { ...of(receipt), name: 'Bản vẽ.pdf', ...content, ...more } } };
  for (let at = 0; at < bytes.length; at += 100_000)
    yield { content: { $case: 'chunk', value: bytes.subarray(at, at + 100_000) } };
}

const handIn = (receipt: Receipt, bytes: Uint8Array, more = {}) =>
  citizen().handInFile(messages(receipt, bytes, more));

const lodge = async (): Promise<Receipt> =>
  world.as(p.commune.clerk).casework.lodgeDossier(lodging(building));

/** A dossier that waits for its supplement. */
async function awaiting(): Promise<Receipt> {
  const receipt = await lodge();
  await world
    .as(p.commune.officer)
    .casework.requestSupplement({ ...next(receipt), content: 'Bản vẽ mặt bằng' });
  return receipt;
}

async function download(receipt: Receipt, key = 'giay-phep'): Promise<Buffer> {
  const parts = await Array.fromAsync(citizen().downloadResult({ ...of(receipt), key }));
  return Buffer.concat(parts.map(({ chunk }) => chunk));
}

/** Files and blobs, so that a test sees whether anything was kept. */
const kept = async () =>
  world.db.query({
    text: `select (select count(*) from file) as files, (select count(*) from file_orphan) as orphans,
                  (select count(distinct blob_id) from file_chunk) as blobs`,
  });

describe('the result', () => {
  test('is downloaded with code and secret once the dossier is finished', async () => {
    const receipt = await lodge();
    const permit = pdf(700_000);
    const { sha256 } = await world.as(p.province.officer).uploadDossierFile(permit);
    const { dossierId } = receipt;
    await complete(world.as(p.commune.officer), dossierId, 1);
    await complete(world.as(p.land.officer), dossierId, 2, { outcome: 'dat' });
    await complete(world.as(p.province.officer), dossierId, 3, {
      results: [{ key: 'giay-phep', sha256, number: '12/GPXD' }],
    });
    const early = { code: 'NOT_FOUND', reason: 'RESULT_NOT_FOUND' };
    expect(await refusalOf(download(receipt))).toMatchObject(early);
    expect((await citizen().listCitizenFiles(of(receipt))).results).toEqual([]);

    await complete(world.as(p.commune.officer), dossierId, 4);
    expect((await citizen().listCitizenFiles(of(receipt))).results).toMatchObject([
      { key: 'giay-phep', number: '12/GPXD', downloadable: true, sizeBytes: BigInt(permit.length) },
    ]);
    expect((await download(receipt)).equals(permit)).toBe(true);
    expect(await refusalOf(download(receipt, 'khac'))).toMatchObject(early);
    const [part] = await Array.fromAsync(
      citizen().downloadResult({ ...of(receipt), key: 'giay-phep', offset: 600_000n, length: 10n }),
    );
    expect(Buffer.from(part?.chunk ?? []).equals(permit.subarray(600_000, 600_010))).toBe(true);
    await world.as(p.commune.clerk).casework.returnResult(next(receipt));
    expect((await download(receipt)).equals(permit)).toBe(true);
  });

  test('on paper is listed and not downloaded', async () => {
    const receipt = await lodge();
    const { dossierId } = receipt;
    await complete(world.as(p.commune.officer), dossierId, 1);
    await complete(world.as(p.land.officer), dossierId, 2, { outcome: 'dat' });
    await complete(world.as(p.province.officer), dossierId, 3, {
      results: [{ key: 'giay-phep', number: '12/GPXD' }],
    });
    await complete(world.as(p.commune.officer), dossierId, 4);
    expect((await citizen().listCitizenFiles(of(receipt))).results).toMatchObject([{ downloadable: false }]);
    expect(await refusalOf(download(receipt))).toMatchObject({ reason: 'RESULT_NOT_FOUND' });
  });
});

describe('the result of a sub-procedure', () => {
  test('is listed and downloaded with the dossier’s own, each under a key of its own', async () => {
    const [before, own] = [pdf(), pdf()];
    const receipt = await world.as(p.commune.clerk).casework.lodgeDossier(lodging(linked));
    await finishPart(receipt, 1, before);
    expect((await citizen().listCitizenFiles(of(receipt))).results).toEqual([]);
    expect(await refusalOf(download(receipt, '1.giay-phep'))).toMatchObject({ reason: 'RESULT_NOT_FOUND' });
    await finishPart(receipt, 2);
    const officer = world.as(p.commune.officer);
    const { sha256 } = await officer.uploadDossierFile(own);
    await complete(officer, receipt.dossierId, 3, { results: [{ key: 'giay-phep', sha256 }] });

    expect((await citizen().listCitizenFiles(of(receipt))).results).toMatchObject([
      { key: 'giay-phep', downloadable: true },
      { key: '1.giay-phep', number: '1/XN', downloadable: true, sizeBytes: BigInt(before.length) },
      { key: '2.giay-phep', number: '2/XN', downloadable: false },
    ]);
    expect((await download(receipt)).equals(own)).toBe(true);
    expect((await download(receipt, '1.giay-phep')).equals(before)).toBe(true);
    for (const key of ['2.giay-phep', '3.giay-phep'])
      expect(await refusalOf(download(receipt, key))).toMatchObject({ reason: 'RESULT_NOT_FOUND' });
  });

  /** The commune finishes the dossier that a task waits for; without a file its result is on paper. */
  async function finishPart({ dossierId }: Receipt, number: number, file?: Buffer): Promise<void> {
    const officer = world.as(p.commune.officer);
    const waits = async () => (await dossierOf(world.as(p.commune.clerk), dossierId)).tasks[number - 1];
    const part = await vi.waitFor(
      async () => dossierOf(officer, (await waits())?.subDossierId ?? ''),
      20_000,
    );
    await officer.casework.acceptDossier({ requestId: randomUUID(), dossierId: part.id });
    const sha256 = file ? (await officer.uploadDossierFile(file)).sha256 : '';
    await complete(officer, part.id, 2, {
      results: [{ key: 'giay-phep', number: `${number}/XN`, sha256 }],
    });
    await vi.waitFor(async () => expect(await waits()).toMatchObject({ outcome: 'finished' }), 20_000);
  }
});

describe('a supplement', () => {
  test('is handed in, scanned, seen by the agencies and taken as a paper', async () => {
    const receipt = await awaiting();
    const drawing = pdf(600_000);
    scanner.seen.length = 0;
    const { file } = await handIn(receipt, drawing);
    expect(file).toMatchObject({
      sha256: sha256Of(drawing),
      name: 'Bản vẽ.pdf',
      contentType: 'application/pdf',
    });
    expect(scanner.seen).toEqual([drawing.length]);
    const picture = png();
    await handIn(receipt, picture, { name: 'Ảnh chụp' });
    expect(await citizen().listCitizenFiles(of(receipt))).toMatchObject({
      results: [],
      handedIn: [{ contentType: 'application/pdf' }, { name: 'Ảnh chụp', contentType: 'image/png' }],
      supplementContent: 'Bản vẽ mặt bằng',
    });

    const clerk = world.as(p.commune.clerk);
    const { handedIn } = await dossierOf(clerk, receipt.dossierId);
    const [first] = handedIn;
    const read = await Array.fromAsync(clerk.downloadDossierFile(first?.sha256 ?? ''));
    expect(Buffer.concat(read).equals(drawing)).toBe(true);
    expect(
      await refusalOf(
        Array.fromAsync(world.as(p.otherCommune.clerk).downloadDossierFile(first?.sha256 ?? '')),
      ),
    ).toMatchObject({ reason: 'FILE_NOT_FOUND' });
    await clerk.casework.receiveSupplement({
      ...next(receipt),
      papers: handedIn.map(({ sha256, name }) => ({ sha256, name })),
    });
    expect(await refusalOf(handIn(receipt, pdf()))).toMatchObject({ reason: 'SUPPLEMENT_NOT_ASKED' });
    const { history } = await world.anybody.tracking.trackDossier(of(receipt));
    expect(history.map(({ text }) => text)).toContain('Đã nhận tệp bổ sung.');
  });

  test('sent again is there once', async () => {
    const receipt = await awaiting();
    const drawing = pdf();
    await handIn(receipt, drawing);
    const before = await dossierOf(world.as(p.commune.clerk), receipt.dossierId);
    await handIn(receipt, drawing, { name: 'Tên khác' });
    expect(await dossierOf(world.as(p.commune.clerk), receipt.dossierId)).toEqual(before);
    expect(before.handedIn).toHaveLength(1);
  });

  test.each([
    [
      'a program',
      Buffer.concat([Buffer.from('4d5a9000', 'hex'), randomBytes(2_000)]),
      'application/x-msdownload',
    ],
    ['an archive', Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(200)]), 'application/zip'],
    ['a script', Buffer.from('#!/bin/sh\necho xin chào\n'), 'an unknown type'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'an unknown type'],
    ['one byte', Buffer.from('%'), 'an unknown type'],
  ])('%s is refused whatever its name, and nothing is kept', async (_, bytes, type) => {
    const receipt = await awaiting();
    const before = await kept();
    const error = await handIn(receipt, bytes, { name: 'giay-to.pdf' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LienThongError);
    expect(error).toMatchObject({
      reason: 'FILE_TYPE_REFUSED',
      violations: [
        { field: 'chunk', reason: 'FILE_TYPE_REFUSED', description: expect.stringContaining(type) },
      ],
    });
    expect(await kept()).toEqual(before);
  });

  test('over its limit is refused before it is read', async () => {
    const receipt = await awaiting();
    expect(await refusalOf(handIn(receipt, pdf(MiB)))).toEqual({
      code: 'INVALID_ARGUMENT',
      reason: 'FILE_SIZE_INVALID',
      violations: ['header.size_bytes FILE_SIZE_INVALID'],
    });
  });

  test('that is infected is refused, and nothing is kept', async () => {
    const receipt = await awaiting();
    const before = await kept();
    const infected = Buffer.concat([pdf(), Buffer.from('VIRUS')]);
    const refused = { code: 'FAILED_PRECONDITION', reason: 'FILE_INFECTED' };
    expect(await refusalOf(handIn(receipt, infected))).toMatchObject(refused);
    expect(await kept()).toEqual(before);
    // Also when an agency has uploaded the same content, which is not scanned.
    await world.as(p.commune.clerk).uploadDossierFile(infected);
    expect(await refusalOf(handIn(receipt, infected))).toMatchObject(refused);
    expect((await dossierOf(world.as(p.commune.clerk), receipt.dossierId)).handedIn).toEqual([]);
  });

  test.each([
    ['an error', { status: 500, body: '' }],
    ['no verdict', { status: 200, body: '{}' }],
    ['no JSON', { status: 200, body: 'clean' }],
  ])('waits while the scanner gives %s', async (_, answer) => {
    const receipt = await awaiting();
    const before = await kept();
    scanner.answer = answer;
    const drawing = pdf();
    const error = await handIn(receipt, drawing).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ reason: 'SCANNER_UNAVAILABLE', retryAfterMs: 30_000 });
    expect(await kept()).toEqual(before);
    scanner.answer = undefined;
    await handIn(receipt, drawing);
  });

  test('is taken only while one is requested', async () => {
    expect(await refusalOf(handIn(await lodge(), pdf()))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'SUPPLEMENT_NOT_ASKED',
    });
  });
});

test('a wrong code and a wrong secret get one reply, that of tracking, in every method', async () => {
  const receipt = await awaiting();
  const failed = async (call: Promise<unknown>) => {
    const error = await call.catch((caught: unknown) => caught);
    if (!(error instanceof LienThongError)) throw new Error('was answered');
    return { ...(await refusalOf(call)), details: error.details };
  };
  const wrong = [
    { ...of(receipt), secret: 'A'.repeat(12) },
    { ...of(receipt), code: 'H61.855.29542-260115-9999' },
  ];
  const tracked = await failed(world.anybody.tracking.trackDossier(wrong[0] ?? {}));
  expect(tracked).toMatchObject({ code: 'NOT_FOUND', reason: 'DOSSIER_NOT_FOUND' });
  const before = await kept();
  for (const one of wrong) {
    expect(await failed(citizen().listCitizenFiles(one))).toEqual(tracked);
    expect(await failed(Array.fromAsync(citizen().downloadResult({ ...one, key: 'giay-phep' })))).toEqual(
      tracked,
    );
    expect(await failed(handIn(receipt, pdf(), one))).toEqual(tracked);
  }
  expect(await kept()).toEqual(before);
});
