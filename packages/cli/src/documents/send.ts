import { randomUUID } from 'node:crypto';
import { basename, extname } from 'node:path';
import {
  type AttachmentRef,
  IssueDocumentRequest,
  IssueDocumentResponse,
  type Recipient,
} from '@lienthong/contracts/routing';
import type { Work } from '../command.ts';
import { Exit, usage } from '../failure.ts';
import { readText } from '../token.ts';
import { URGENCIES } from './urgencies.ts';

interface SendOptions {
  type?: string;
  notation?: string;
  number?: string;
  subject?: string;
  to?: readonly string[];
  attach?: readonly string[];
  signerName?: string;
  signerPosition?: string;
  signerCompetence?: string;
  promulgatedOn?: string;
  urgency?: keyof typeof URGENCIES;
  respondsTo?: string;
  request?: string;
  requestId?: string;
}

/** Uploads the files, then issues the document; the same request id issues it once. */
export async function send({ client, out, options }: Work<SendOptions>): Promise<Exit> {
  const written = await writtenRequest(options.request);
  const requestId = options.requestId ?? (written.requestId || randomUUID());
  const attachments: AttachmentRef[] = [];
  for (const file of options.attach ?? []) attachments.push(await upload(client, file));
  const request = { ...withOptions(written, options), requestId };
  request.attachments = [...written.attachments, ...attachments];
  const reply = await client.routing.issueDocument(request).catch((error) => {
    out.note(`--request-id ${requestId}`);
    throw error;
  });
  const { document, deliveries } = reply;
  out.one(IssueDocumentResponse.toJSON(reply), () => [
    `Đã gửi ${document?.number}/${document?.notation} đến ${deliveries.length} cơ quan / issued to ${deliveries.length} agencies`,
    `${document?.id}`,
  ]);
  return Exit.DONE;
}

async function writtenRequest(file: string | undefined): Promise<IssueDocumentRequest> {
  if (file === undefined) return IssueDocumentRequest.fromPartial({});
  const text = await readText(file, 'the request');
  try {
    return IssueDocumentRequest.fromJSON(JSON.parse(text));
  } catch (error) {
    throw usage(`${file} is not an IssueDocumentRequest as JSON: ${(error as Error).message}`, error);
  }
}

/** What the options say goes before what the file says. */
function withOptions(written: IssueDocumentRequest, options: SendOptions): IssueDocumentRequest {
  const { signerName, signerPosition, signerCompetence, urgency, to = [] } = options;
  const { signer } = written;
  const request: IssueDocumentRequest = {
    ...written,
    type: options.type ?? written.type,
    notation: options.notation ?? written.notation,
    number: options.number ?? written.number,
    subject: options.subject ?? written.subject,
    promulgatedOn: options.promulgatedOn ?? written.promulgatedOn,
    respondsToId: options.respondsTo ?? written.respondsToId,
    urgency: urgency === undefined ? written.urgency : URGENCIES[urgency],
    recipients: [...written.recipients, ...to.map(recipientOf)],
  };
  if (signer || signerName || signerPosition || signerCompetence)
    request.signer = {
      fullName: signerName ?? signer?.fullName ?? '',
      position: signerPosition ?? signer?.position ?? '',
      competence: signerCompetence ?? signer?.competence ?? '',
    };
  return request;
}

const recipientOf = (code: string): Recipient => ({
  recipient: { $case: 'code', value: { scheme: '', code } },
  asOf: '',
});

async function upload(client: Work<SendOptions>['client'], file: string): Promise<AttachmentRef> {
  const { sha256 } = await client.uploadAttachment(file).catch((error: NodeJS.ErrnoException) => {
    if (error.syscall === undefined) throw error;
    throw usage(`${file} cannot be read (${error.code})`, error);
  });
  const contentType = CONTENT_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';
  return { sha256, name: basename(file).normalize('NFC'), contentType, description: '' };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.doc': 'application/msword',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xls': 'application/vnd.ms-excel',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.xml': 'application/xml',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.zip': 'application/zip',
};
