import { GetDossierResponse, TrackDossierResponse } from '@lienthong/contracts/casework';
import { Delivery } from '@lienthong/contracts/routing';
import { printable } from '@lienthong/verify/printable';
import { take, type Work } from '../command.ts';
import { deliveryStatusText, dossierStatusText, timeText } from '../output/words.ts';
import { readText } from '../token.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST = 5_000;

export async function track(work: Work<{ secretFile?: string }>): Promise<void> {
  const [code = ''] = work.args;
  if (UUID.test(code)) return trackDocument(work, code);
  if (work.options.secretFile === undefined) return trackAsOfficer(work, code);
  return trackAsApplicant(work, code, work.options.secretFile);
}

async function trackDocument({ client, out }: Work<object>, documentId: string): Promise<void> {
  const deliveries = await take(client.deliveries({ documentId, pageSize: 200 }), MOST);
  out.list(
    deliveries,
    [
      { title: 'Nơi nhận', of: ({ addressedTo }) => addressedTo?.code ?? '' },
      { title: 'Tên', of: ({ addressedTo }) => addressedTo?.name ?? '', cut: true },
      { title: 'Đang giữ', of: ({ holder }) => holder?.code ?? '' },
      { title: 'Trạng thái', of: ({ status }) => deliveryStatusText(status) },
      { title: 'Lúc', of: ({ statusAt, sentAt }) => timeText(statusAt ?? sentAt) },
    ],
    (one) => Delivery.toJSON(one),
  );
}

async function trackAsApplicant({ client, out }: Work<object>, code: string, file: string): Promise<void> {
  const secret = (await readText(file, "the file of the dossier's secret")).trim();
  const dossier = await client.tracking.trackDossier({ code, secret });
  out.one(TrackDossierResponse.toJSON(dossier), () =>
    [
      `${dossier.code}  ${dossier.procedureName}`,
      `${dossier.statusText}  ${dossier.holderName}  ${dueText(dossier)}`,
      ...dossier.history.map(({ at, agencyName, text }) => `${timeText(at)}  ${agencyName}  ${text}`),
    ].map(printable),
  );
}

async function trackAsOfficer({ client, out }: Work<object>, code: string): Promise<void> {
  const reply = await client.casework.getDossier({ code });
  const { dossier } = reply;
  const { entries } = await client.casework.getHistory({ dossierId: dossier?.id });
  out.one(GetDossierResponse.toJSON(reply), () =>
    [
      `${dossier?.code}  ${dossier?.procedureName}`,
      `${dossierStatusText(dossier?.status ?? 0)}  ${dossier ? dueText(dossier) : ''}`,
      ...entries.map(({ at, agencyName, text }) => `${timeText(at)}  ${agencyName}  ${text}`),
    ].map(printable),
  );
}

const dueText = ({ dueAt }: { dueAt?: Date | undefined }): string =>
  dueAt === undefined ? '' : `hẹn trả ${timeText(dueAt)}`;
