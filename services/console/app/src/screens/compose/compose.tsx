import { DOCUMENT_TYPES } from '@lienthong/contracts/document-types';
import type { routing } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { type Me, useMe } from '../../api/me.ts';
import { query } from '../../api/query-client.ts';
import { useCommand } from '../../api/use-command.ts';
import { isSent, useUploads } from '../../api/use-uploads.ts';
import { numberOf } from '../../text/document.ts';
import { useText } from '../../text/text.tsx';
import { FieldGroup, SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { UploadList } from '../../ui/upload-list.tsx';
import { useBeginning } from './beginning.ts';
import { CheckBeforeIssue } from './check.tsx';
import { type Draft, toRequest, useDraft } from './draft.ts';
import { RecipientTree } from './recipient-tree.tsx';
import { ReplacedDocument } from './replaced.tsx';

const route = getRouteApi('/soan');

const URGENCIES = [
  ['URGENCY_NORMAL', 'urgency.normal'],
  ['URGENCY_URGENT', 'urgency.urgent'],
  ['URGENCY_VERY_URGENT', 'urgency.veryUrgent'],
  ['URGENCY_FLASH', 'urgency.flash'],
] as const;
/** Fields that show their own violations. */
const FIELDS = [
  'type',
  'notation',
  'subject',
  'content',
  'place',
  'signer.competence',
  'signer.position',
  'signer.full_name',
  'due_on',
  'business_reason',
  'attachments',
  'recipients',
];

export function Compose() {
  const { t } = useText();
  const me = useMe();
  const { name, data: first, error, refetch } = useBeginning(route.useSearch());
  const [discarded, setDiscarded] = useState(0);
  return (
    <Screen title={t('compose.title')}>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {me !== undefined && first !== undefined ? (
        <ComposeForm
          key={`${name} ${discarded}`}
          me={me}
          begun={name}
          first={first}
          onDiscard={() => setDiscarded(discarded + 1)}
        />
      ) : (
        error === null && <p className="empty">{t('list.loading')}</p>
      )}
    </Screen>
  );
}

interface ComposeFormProps {
  me: Me;
  /** Names what it was begun for. */
  begun: string;
  first: Partial<Draft>;
  onDiscard: () => void;
}

function ComposeForm({ me, begun, first, onDiscard }: ComposeFormProps) {
  const { t } = useText();
  const navigate = useNavigate();
  const { draft, change, end } = useDraft(me.officerId, begun, first);
  const uploads = useUploads('routing.v1.AttachmentService/UploadAttachment', draft.files);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changes is the files.
  useEffect(() => change({ files: uploads.files.filter(isSent) }), [uploads.files]);
  const answered = useQuery({
    ...query('routing.v1.DocumentRoutingService/GetDocument', { documentId: draft.respondsToId }),
    enabled: draft.respondsToId !== '',
  });
  const isReady = uploads.complete && (draft.respondsToId === '' || answered.data !== undefined);
  const [checks, setChecks] = useState(false);
  const issue = useCommand(
    'routing.v1.DocumentRoutingService/IssueDocument',
    ({ document }) => {
      end();
      void navigate({ to: '/van-ban-di/$documentId', params: { documentId: document?.id ?? '' } });
    },
    `lienthong-issue:${begun}`,
  );
  const text = (name: keyof Draft & string, field: string = name) => ({
    name,
    value: String(draft[name]),
    error: issue.errorOf(field),
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    issue.forget();
    setChecks(true);
  }

  return (
    <form className="stack" onSubmit={submit}>
      <ProblemNote error={answered.error} onRetry={() => void answered.refetch()} />
      {draft.respondsToId !== '' && answered.data?.document !== undefined && (
        <AnsweredDocument
          document={answered.data.document}
          onRecipient={(id, name) => change({ recipients: { ...draft.recipients, [id]: name } })}
          onDrop={() => change({ respondsToId: '' })}
        />
      )}
      {draft.replacesId !== '' && (
        <ReplacedDocument draft={draft} reason={text('replaceReason', 'business_reason')} />
      )}
      <div className="columns">
        <div className="panel stack">
          <div className="pair">
            <SelectField label={t('document.type')} {...text('type')}>
              {[...DOCUMENT_TYPES].map(([type, name]) => (
                <option key={type} value={type}>
                  {name}
                </option>
              ))}
            </SelectField>
            <TextField
              label={t('compose.notation')}
              help={t('compose.notationHelp')}
              maxLength={30}
              {...text('notation')}
            />
          </div>
          <TextArea label={t('compose.subject')} maxLength={500} {...text('subject')} />
          <TextArea label={t('document.content')} rows={6} {...text('content')} />
          <div className="pair">
            <SelectField
              label={t('compose.urgency')}
              value={draft.urgency}
              onChange={(event) => change({ urgency: event.target.value as routing.Urgency })}
            >
              {URGENCIES.map(([urgency, key]) => (
                <option key={urgency} value={urgency}>
                  {t(key)}
                </option>
              ))}
            </SelectField>
            <TextField label={t('compose.place')} maxLength={150} {...text('place')} />
          </div>
          <FieldGroup label={t('document.signer')}>
            <div className="pair">
              <TextField
                label={t('compose.competence')}
                maxLength={100}
                {...text('competence', 'signer.competence')}
              />
              <TextField
                label={t('compose.position')}
                maxLength={100}
                {...text('position', 'signer.position')}
              />
              <TextField
                label={t('compose.fullName')}
                maxLength={50}
                {...text('fullName', 'signer.full_name')}
              />
            </div>
          </FieldGroup>
          <label className="check">
            <input
              type="checkbox"
              checked={draft.directive}
              onChange={(event) => change({ directive: event.target.checked })}
            />
            {t('compose.directive')}
          </label>
          {draft.directive && (
            <TextField label={t('document.dueOn')} type="date" {...text('dueOn', 'due_on')} />
          )}
          <UploadList
            label={t('document.attachments')}
            uploads={uploads}
            error={issue.errorOf('attachments')}
          />
        </div>
        <div className="panel stack">
          <RecipientTree
            agency={me.agency}
            chosen={draft.recipients}
            error={issue.errorOf('recipients')}
            onChange={(recipients) => change({ recipients })}
          />
        </div>
      </div>
      <ProblemNote error={issue.error} shown={FIELDS} />
      <div className="end">
        <button
          type="button"
          className="button"
          onClick={() => {
            end();
            onDiscard();
          }}
        >
          {t('compose.discard')}
        </button>
        <button type="submit" className="button button-main" disabled={issue.running || !isReady}>
          {t(uploads.complete ? 'compose.check' : 'compose.filesOnTheWay')}
        </button>
      </div>
      {checks && (
        <CheckBeforeIssue
          draft={draft}
          onClose={() => setChecks(false)}
          onIssue={() => {
            setChecks(false);
            issue.run(toRequest(draft, answered.data?.document));
          }}
        />
      )}
    </form>
  );
}

interface AnsweredDocumentProps {
  document: routing.Document;
  onRecipient: (agencyId: string, name: string) => void;
  onDrop: () => void;
}

/** The document that this one answers; its issuer is the recipient that suggests itself. */
function AnsweredDocument({ document, onRecipient, onDrop }: AnsweredDocumentProps) {
  const { t } = useText();
  return (
    <div className="note row spread">
      <span>{t('compose.answers', { number: numberOf(document), subject: document.subject })}</span>
      <span className="row">
        <button
          type="button"
          className="button"
          onClick={() => onRecipient(document.issuerId, document.issuerName)}
        >
          {t('compose.toIssuer')}
        </button>
        <button type="button" className="button" onClick={onDrop}>
          {t('compose.noAnswer')}
        </button>
      </span>
    </div>
  );
}
