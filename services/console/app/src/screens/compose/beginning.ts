import type { routing } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { readAnswers } from '../../api/answers.ts';
import { call } from '../../api/call.ts';
import { readDeliveries } from '../../api/deliveries.ts';
import { numberOf } from '../../text/document.ts';
import { type Translate, useText } from '../../text/text.tsx';
import type { Draft } from './draft.ts';

/** Another document by its id: the one that is answered, reminded of, passed on or replaced. */
export interface BegunFor {
  'tra-loi'?: string | undefined;
  nhac?: string | undefined;
  chuyen?: string | undefined;
  thay?: string | undefined;
}
type Kind = keyof BegunFor;

type Begin = (documentId: string, t: Translate, signal: AbortSignal) => Promise<Partial<Draft>>;

const BEGINNINGS: Record<Kind, Begin> = {
  'tra-loi': async (respondsToId) => ({ respondsToId }),
  nhac: remind,
  chuyen: passOn,
  thay: replace,
};
const MAX_SUBJECT = 500;

/** What a document begins with. The name is another one for each document that it is begun for, '' for none. */
export function useBeginning(begunFor: BegunFor) {
  const { t, language } = useText();
  const kind = (Object.keys(BEGINNINGS) as Kind[]).find((one) => begunFor[one] !== undefined);
  const documentId = (kind && begunFor[kind]) ?? '';
  const beginning = useQuery({
    queryKey: ['routing', 'beginning', kind, documentId, language] as const,
    queryFn: ({ signal }): Promise<Partial<Draft>> =>
      kind === undefined ? Promise.resolve({}) : BEGINNINGS[kind](documentId, t, signal),
  });
  return { ...beginning, name: kind === undefined ? '' : `${kind} ${documentId}` };
}

const read = async (documentId: string, signal: AbortSignal): Promise<routing.Document | undefined> =>
  (await call('routing.v1.DocumentRoutingService/GetDocument', { documentId }, signal)).document;

/** To the agencies that have not answered a directive. */
async function remind(documentId: string, t: Translate, signal: AbortSignal): Promise<Partial<Draft>> {
  const [document, answers] = await Promise.all([
    read(documentId, signal),
    readAnswers(documentId, ['ANSWER_STATE_OVERDUE', 'ANSWER_STATE_WAITING'], signal),
  ]);
  const holders = answers.flatMap(({ delivery }) => delivery?.holder ?? []);
  return {
    notation: document?.notation ?? '',
    subject: document === undefined ? '' : t('compose.reminder', { number: numberOf(document) }),
    recipients: Object.fromEntries(holders.map(({ agencyId, name }) => [agencyId, name])),
  };
}

/** The files of a document that has come in, to others. */
async function passOn(documentId: string, t: Translate, signal: AbortSignal): Promise<Partial<Draft>> {
  const document = await read(documentId, signal);
  if (document === undefined) return {};
  const subject = t('compose.passedOn', { number: numberOf(document), subject: document.subject });
  return { subject: subject.slice(0, MAX_SUBJECT), files: filesOf(document) };
}

/** All that the earlier document says, to all that have it. */
async function replace(documentId: string, _: Translate, signal: AbortSignal): Promise<Partial<Draft>> {
  const [document, deliveries] = await Promise.all([
    read(documentId, signal),
    readDeliveries(documentId, signal),
  ]);
  if (document === undefined) return {};
  const { type, notation, subject, content, place, dueOn, respondsToId, signer } = document;
  const { tasks, toPlaces, appendixes } = document;
  const recipients = deliveries.flatMap(({ addressedTo }) => addressedTo ?? []);
  return {
    ...{ type, notation, subject, content, place, dueOn, respondsToId, tasks, toPlaces, appendixes },
    urgency: document.urgency === 'URGENCY_FLASH_TIMED' ? 'URGENCY_FLASH' : document.urgency,
    competence: signer?.competence ?? '',
    position: signer?.position ?? '',
    fullName: signer?.fullName ?? '',
    directive: document.steering === 'STEERING_TYPE_DIRECTIVE',
    files: filesOf(document),
    recipients: Object.fromEntries(recipients.map(({ agencyId, name }) => [agencyId, name])),
    replacesId: documentId,
  };
}

const filesOf = ({ attachments }: routing.Document): Draft['files'] =>
  attachments.map(({ sha256, name, contentType, sizeBytes }) => ({
    ...{ id: `${sha256} ${name}`, sha256, name, contentType, problem: undefined },
    share: 1,
    sizeBytes: Number(sizeBytes),
  }));
