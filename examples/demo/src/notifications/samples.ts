import type { FollowedEvent } from '@lienthong/client';
import type { EventPayload, EventType } from '@lienthong/contracts/events';

type Sentences = { [T in EventType]?: (payload: EventPayload<T>) => string };

/** How the first event of each type is printed. */
const SENTENCES: Sentences = {
  'lienthong.routing.v1.DeliverySent': ({ document }) => `văn bản đến “${document?.subject}”`,
  'lienthong.routing.v1.DirectiveAnswered': () => 'đã báo cáo kết quả thực hiện',
  'lienthong.casework.v1.DossierLodged': ({ dossier }) =>
    `hồ sơ ${dossier?.code} được nộp: ${dossier?.procedureName}`,
  'lienthong.casework.v1.DeadlineNear': ({ dossier }) => `hồ sơ ${dossier?.code} sắp đến hạn`,
  'lienthong.casework.v1.ResultReturned': ({ dossier }) => `hồ sơ ${dossier?.code} đã trả kết quả`,
  'lienthong.directory.v1.AgencyEnded': ({ agency }) => `kết thúc hoạt động: ${agency?.names.at(-1)?.name}`,
  'lienthong.casework.v1.DossierRerouted': ({ dossier, to }) => `hồ sơ ${dossier?.code} chuyển ${to?.name}`,
};

/** Returns a function that prints the first event of each of these types. */
export function printFirst(print: (text: string) => void): (event: FollowedEvent) => void {
  const printed = new Set<EventType>();
  return ({ type, payload }) => {
    const sentence = SENTENCES[type] as ((payload: unknown) => string) | undefined;
    if (!sentence || printed.has(type)) return;
    printed.add(type);
    print(sentence(payload));
  };
}
