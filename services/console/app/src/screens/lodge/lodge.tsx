import type { casework, registry } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Request } from '../../api/call.ts';
import { query } from '../../api/query-client.ts';
import { useCommand } from '../../api/use-command.ts';
import { durationText } from '../../text/duration.ts';
import { type Key, useText } from '../../text/text.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { ApplicantFields } from './applicant.tsx';
import { type Data, DataFields } from './data-fields.tsx';
import { Lodged } from './lodged.tsx';
import { handedIn, handIn, missingPapers, PaperFields, type Papers } from './papers.tsx';

const route = getRouteApi('/tiep-nhan/$code');

export function LodgeScreen() {
  const { t } = useText();
  const { code } = route.useParams();
  const found = useQuery(query('registry.v1.ProcedureRegistryService/GetProcedure', { code }));
  const [lodged, setLodged] = useState<casework.LodgeDossierResponse>();
  const definition = found.data?.procedure?.definition;
  if (definition === undefined)
    return (
      <Screen title={t('lodge.title')}>
        {found.error === null ? (
          <p className="empty">{t('list.loading')}</p>
        ) : (
          <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
        )}
      </Screen>
    );
  return (
    <Screen title={definition.name}>
      {definition.servedElsewhere !== '' ? (
        <p className="empty">
          {t('lodge.lodgeAt')}{' '}
          <a href={definition.servedElsewhere} rel="noreferrer">
            {definition.servedElsewhere}
          </a>
        </p>
      ) : lodged === undefined ? (
        <LodgeForm definition={definition} onDone={setLodged} />
      ) : (
        <Lodged lodged={lodged} onNext={() => setLodged(undefined)} />
      )}
    </Screen>
  );
}

const CHANNELS: Partial<Record<registry.Channel, Key>> = {
  CHANNEL_IN_PERSON: 'channel.inPerson',
  CHANNEL_ONLINE: 'channel.online',
  CHANNEL_POST: 'channel.post',
};

interface LodgeFormProps {
  definition: registry.Definition;
  onDone: (reply: casework.LodgeDossierResponse) => void;
}

/** A dossier as its procedure wants it; what is missing shows before it is lodged. */
function LodgeForm({ definition, onDone }: LodgeFormProps) {
  const { t } = useText();
  const channels = [...new Set(definition.ways.map(({ channel }) => channel))].filter(
    (one) => CHANNELS[one] !== undefined,
  );
  const [channel, setChannel] = useState<registry.Channel>(
    channels.includes('CHANNEL_IN_PERSON') ? 'CHANNEL_IN_PERSON' : (channels[0] ?? 'CHANNEL_IN_PERSON'),
  );
  const [caseKey, setCaseKey] = useState('');
  const [applicant, setApplicant] = useState<
    Request<'casework.v1.CaseworkService/LodgeDossier'>['applicant']
  >({});
  const [data, setData] = useState<Data>({});
  const [papers, setPapers] = useState<Papers>({});
  const lodge = useCommand('casework.v1.CaseworkService/LodgeDossier', onDone);
  const required = definition.papers.filter(
    ({ cases }) => cases.length === 0 || caseKey === '' || cases.includes(caseKey),
  );
  // Which case it is may follow from the data: papers of one case alone are not missing before it is chosen.
  const missing = missingPapers(
    required.filter(({ cases }) => cases.length === 0 || caseKey !== ''),
    papers,
  );

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const accept = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value') !== 'register';
    lodge.run({
      procedureCode: definition.code,
      channel,
      caseKey,
      applicant,
      data: Object.fromEntries(Object.entries(data).filter(([, text]) => text.trim() !== '')),
      papers: handedIn(required, papers),
      accept,
    });
  }

  return (
    <form className="stack" onSubmit={submit}>
      <div className="row">
        <span className="badge number">{definition.code}</span>
        <span className="badge">{durationText(definition.timeLimit, t)}</span>
      </div>
      <div className="columns">
        <div className="stack">
          <div className="panel stack">
            <div className="pair">
              <SelectField
                label={t('lodge.channel')}
                value={channel}
                error={lodge.errorOf('channel')}
                onChange={(event) => setChannel(event.target.value as registry.Channel)}
              >
                {channels.map((one) => (
                  <option key={one} value={one}>
                    {t(CHANNELS[one] ?? 'channel.inPerson')}
                  </option>
                ))}
              </SelectField>
              {definition.cases.length > 0 && (
                <SelectField
                  label={t('dossier.case')}
                  value={caseKey}
                  error={lodge.errorOf('case_key')}
                  onChange={(event) => setCaseKey(event.target.value)}
                >
                  <option value="">{t('lodge.caseByData')}</option>
                  {definition.cases.map(({ key, name }) => (
                    <option key={key} value={key}>
                      {name}
                    </option>
                  ))}
                </SelectField>
              )}
            </div>
            <ApplicantFields
              applicant={applicant ?? {}}
              onChange={setApplicant}
              errorOf={(field) => lodge.errorOf(`applicant.${field}`)}
            />
          </div>
          {definition.data.length > 0 && (
            <div className="panel stack">
              <h2>{t('lodge.data')}</h2>
              <DataFields
                fields={definition.data}
                data={data}
                onChange={(change) => setData((before) => ({ ...before, ...change }))}
                errorOf={(path) => lodge.errorAt(`data.${path}`)}
              />
            </div>
          )}
        </div>
        <div className="panel stack">
          <PaperFields
            required={required}
            papers={papers}
            error={lodge.errorOf('papers')}
            onChange={(key, change) => setPapers((before) => handIn(before, key, change))}
          />
        </div>
      </div>
      {missing.length > 0 && (
        <p className="note note-warn" role="status">
          {t('lodge.missing', { papers: missing.join('; ') })}
        </p>
      )}
      <ProblemNote error={lodge.error} shown={['channel', 'case_key', 'applicant', 'data', 'papers']} />
      <div className="end">
        <button type="submit" value="register" className="button" disabled={lodge.running}>
          {t('lodge.register')}
        </button>
        <button
          type="submit"
          value="accept"
          className="button button-main"
          disabled={lodge.running || missing.length > 0}
        >
          {t('lodge.accept')}
        </button>
      </div>
    </form>
  );
}
