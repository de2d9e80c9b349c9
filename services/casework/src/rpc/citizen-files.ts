/** Files for citizens, who have a dossier's code and secret and no token. */
import { DossierStatus, HandInHeader, ReceiveSupplementResponse } from '@lienthong/contracts/casework';
import {
  contentHeader,
  DOCUMENT_TYPES,
  findFile,
  findFiles,
  httpScanner,
  MAX_UPLOAD_MESSAGE_BYTES,
  onlyTypes,
  rangeFields,
  uploadSlots,
} from '@lienthong/file-store';
import {
  type Clock,
  field,
  PLATFORM,
  principalOf,
  type Refusal,
  RefusalError,
  receiptField,
  refuse,
  uuidv7,
} from '@lienthong/kit';
import { z } from 'zod';
import type { CaseworkSettings } from '../config.ts';
import { enforce } from '../domain/decision/refusals.ts';
import { toHandedInFile } from '../domain/dossier/messages.ts';
import type { Dossier } from '../domain/dossier/state.ts';
import { hasResults } from '../domain/dossier/status.ts';
import { HANDED_IN_ALREADY, mustAwaitFiles } from '../domain/files/hand-in.ts';
import { type CitizenFileDeps, CitizenFiles, type Deps, download, query, upload } from './deps.ts';
import { requiredText } from './fields.ts';
import { dossierOfReceipt } from './receipt.ts';

export function citizenFileDeps(settings: CaseworkSettings, clock: Clock): CitizenFileDeps {
  const maxBytes = settings.CASEWORK_CITIZEN_FILE_MIB * 1024 * 1024;
  const content = contentHeader({ maxBytes, sizeReason: 'FILE_SIZE_INVALID' });
  const url = settings.CASEWORK_SCAN_URL;
  return {
    header: z.object({ ...receiptField, ...content, name: requiredText(200) }),
    slots: uploadSlots({
      perProcess: settings.CASEWORK_CITIZEN_UPLOADS,
      perPrincipal: settings.CASEWORK_CITIZEN_UPLOADS_PER_ADDRESS,
    }),
    scanner:
      url === undefined
        ? undefined
        : httpScanner({ url, timeoutMs: settings.CASEWORK_SCAN_TIMEOUT_S * 1000, clock }),
  };
}

/**
 * What the citizen may have of a dossier: its results, and those of its sub-procedures. Two sub-procedures may have
 * results of one key, so the number of the task that waited stands before it: `3.giay-khai-sinh`.
 */
const resultsFor = (dossier: Dossier): Dossier['results'] =>
  hasResults(dossier)
    ? [
        ...dossier.results,
        ...dossier.subResults.map(({ taskNumber, ...result }) => ({
          ...result,
          key: `${taskNumber}.${result.key}`,
        })),
      ]
    : [];

export const listCitizenFiles = query(CitizenFiles.listCitizenFiles, {
  policy: 'public',
  reads: 'buffered',
  request: z.object(receiptField),
  async handle(receipt, context, deps) {
    const dossier = await dossierOfReceipt(receipt, context, deps);
    const results = resultsFor(dossier);
    const files = await findFiles(
      deps.db,
      results.map(({ sha256 }) => sha256),
    );
    const { pause } = dossier;
    return {
      results: results.map(({ key, name, number, sha256, data }) => {
        const file = files.get(sha256);
        return {
          key,
          name,
          number,
          data,
          downloadable: file !== undefined,
          sizeBytes: BigInt(file?.sizeBytes ?? 0),
        };
      }),
      handedIn: dossier.handedIn.map(toHandedInFile),
      supplementContent: pause?.status === DossierStatus.SUPPLEMENT_REQUESTED ? pause.content : '',
    };
  },
});

export const downloadResult = download(CitizenFiles.downloadResult, {
  policy: 'public',
  reads: 'durable',
  request: z.object({ ...receiptField, key: field.text({ max: 80 }), ...rangeFields }),
  handle: async function* ({ code, secret, key: wanted, ...range }, context, deps) {
    const dossier = await dossierOfReceipt({ code, secret }, context, deps);
    const result = resultsFor(dossier).find((one) => one.key === wanted && one.sha256 !== '');
    const file = result && (await findFile(deps.db, result.sha256));
    if (result === undefined || file === undefined) return refuse(resultNotFound);
    context.reads.push({ dossierCode: code, sha256: result.sha256, ownerId: dossier.competent.agencyId });
    yield* deps.files.download(file, range, context.signal);
  },
});

/** The secret is checked before any content is read, and the dossier again when the file is there. */
export const handInFile = upload(CitizenFiles.handInFile, {
  policy: 'public',
  // Not a read, but a wrong secret shows here as well as elsewhere.
  reads: 'buffered',
  maxBytes: MAX_UPLOAD_MESSAGE_BYTES,
  handle: async (stream, context, deps) => {
    const { now } = context;
    const { header, slots, scanner } = deps.citizens;
    let dossierId = '';
    let contentType = '';
    const { file } = await deps.files.upload(stream, {
      header,
      principal: principalOf(context),
      slots,
      async admit(given) {
        const dossier = await dossierOfReceipt(given, context, deps);
        enforce(mustAwaitFiles({ dossier }));
        dossierId = dossier.id;
      },
      inspect: (content) =>
        onlyTypes(content, DOCUMENT_TYPES, (type) => {
          contentType = type;
        }),
      ...(scanner && { approve: scanner.approve }),
    });
    const { sha256, sizeBytes, name } = file;
    await carryOut(deps, { dossierId, now, file: { sha256, name, contentType, sizeBytes } });
    return { file: toHandedInFile({ sha256, name, contentType, sizeBytes, at: now.getTime() }) };
  },
});

/** A citizen whose call was lost sends the file again: that it was handed in before is a success. */
const carryOut = (
  { commands }: Pick<Deps, 'commands'>,
  { dossierId, now, file }: { dossierId: string; now: Date; file: Omit<Dossier['handedIn'][number], 'at'> },
) =>
  commands
    .execute({
      method: 'HandInFile',
      requestId: uuidv7(),
      request: HandInHeader.fromPartial({ sha256: file.sha256, name: file.name }),
      requestCodec: HandInHeader,
      replyCodec: ReceiveSupplementResponse,
      caller: PLATFORM,
      command: { kind: 'hand-in', caller: PLATFORM, now: now.getTime(), dossierId, file },
    })
    .catch((error: unknown) => {
      if (error instanceof RefusalError && error.refusal.reason === HANDED_IN_ALREADY.reason) return;
      throw error;
    });

const resultNotFound: Refusal = {
  kind: 'not-found',
  reason: 'RESULT_NOT_FOUND',
  message:
    'the dossier has no such result to download; it may not be finished yet, or the result is on paper',
};
