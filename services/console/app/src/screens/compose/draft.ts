import type { routing } from '@lienthong/contracts/json';
import type { Request } from '../../api/call.ts';
import type { SentFile } from '../../api/use-uploads.ts';
import { useWindowDraft } from '../../api/window-draft.ts';

/** What is typed of a document, until it is issued. */
export interface Draft {
  type: string;
  notation: string;
  subject: string;
  content: string;
  urgency: routing.Urgency;
  place: string;
  competence: string;
  position: string;
  fullName: string;
  directive: boolean;
  dueOn: string;
  respondsToId: string;
  /** The document that this one replaces, and why. */
  replacesId: string;
  replaceReason: string;
  /** Of the replaced document; no form changes them. */
  tasks: readonly routing.Task[];
  toPlaces: readonly string[];
  appendixes: readonly string[];
  /** Names of the recipients by their ids. */
  recipients: Record<string, string>;
  /** Those that are at the platform. */
  files: readonly SentFile[];
}

const EMPTY: Draft = {
  type: 'CV',
  notation: '',
  subject: '',
  content: '',
  urgency: 'URGENCY_NORMAL',
  place: '',
  competence: '',
  position: '',
  fullName: '',
  directive: false,
  dueOn: '',
  respondsToId: '',
  replacesId: '',
  replaceReason: '',
  tasks: [],
  toPlaces: [],
  appendixes: [],
  recipients: {},
  files: [],
};

/**
 * A draft of this window.
 * @param owner whose it is; another person's is not taken
 * @param begun names what it was begun for, '' for nothing: each one has a draft of its own
 * @param first what stands in it when it is begun
 */
export const useDraft = (owner: string, begun: string, first: Partial<Draft>) =>
  useWindowDraft<Draft>(owner, begun, { ...EMPTY, ...first });

/**
 * The request that issues a draft with its files.
 * @param answered the document that it answers; the answer to a directive is a report
 */
export const toRequest = (
  draft: Draft,
  answered: Pick<routing.Document, 'steering'> | undefined,
): Request<'routing.v1.DocumentRoutingService/IssueDocument'> => ({
  type: draft.type,
  notation: draft.notation.trim(),
  subject: draft.subject.trim(),
  content: draft.content.trim(),
  urgency: draft.urgency,
  place: draft.place.trim(),
  signer: {
    competence: draft.competence.trim(),
    position: draft.position.trim(),
    fullName: draft.fullName.trim(),
  },
  ...(answered?.steering === 'STEERING_TYPE_DIRECTIVE' && { steering: 'STEERING_TYPE_REPORT' as const }),
  ...(draft.directive && { steering: 'STEERING_TYPE_DIRECTIVE' as const, dueOn: draft.dueOn }),
  ...(draft.replacesId !== '' && {
    businessKind: 'BUSINESS_KIND_REPLACE' as const,
    refersToId: draft.replacesId,
    businessReason: draft.replaceReason.trim(),
  }),
  tasks: [...draft.tasks],
  toPlaces: [...draft.toPlaces],
  appendixes: [...draft.appendixes],
  respondsToId: draft.respondsToId,
  attachments: draft.files.flatMap(({ sha256, name, contentType }) =>
    sha256 === undefined ? [] : [{ sha256, name, contentType }],
  ),
  recipients: Object.keys(draft.recipients).map((agencyId) => ({ agencyId })),
});
