import type { directory, registry } from '@lienthong/contracts/json';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/call.ts';
import { nameOf } from '../../text/agency.ts';
import { momentOf } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { AgencySearch } from '../../ui/agency-search.tsx';
import { FieldGroup, TextArea, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Simulated } from './simulated.tsx';

/** The same arrivals each time, so that two texts can be compared. */
const SEED = '1';

/** What a text would mean for an agency that takes dossiers in: times, load, and what changes. */
export function Simulation({ definition }: { definition: registry.Definition | undefined }) {
  const { t } = useText();
  const [agency, setAgency] = useState<directory.Agency>();
  const [receivedAt, setReceivedAt] = useState('');
  const [volume, setVolume] = useState('1000');
  const [data, setData] = useState('');
  const [missing, setMissing] = useState(false);
  const simulation = useMutation({
    mutationFn: (given: registry.Definition) => {
      const at = momentOf(receivedAt);
      return call('registry.v1.ProcedureRegistryService/SimulateProcedure', {
        definition: given,
        intakeAgencyId: agency?.id ?? '',
        ...(at !== undefined && { receivedAt: at }),
        yearlyVolume: Number(volume) || 0,
        seed: SEED,
        data: dataOf(data),
      });
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    setMissing(agency === undefined);
    if (agency !== undefined && definition !== undefined) simulation.mutate(definition);
  }

  return (
    <section className="panel stack" aria-labelledby="simulation">
      <h2 id="simulation">{t('simulation.title')}</h2>
      <form className="stack" onSubmit={submit}>
        <FieldGroup label={t('simulation.intake')} error={missing ? t('field.required') : undefined}>
          {agency !== undefined && <p>{nameOf(agency)}</p>}
          <AgencySearch onChoose={setAgency} />
        </FieldGroup>
        <div className="pair">
          <TextField
            label={t('simulation.receivedAt')}
            help={t('simulation.receivedAtHelp')}
            type="datetime-local"
            value={receivedAt}
            onChange={({ target }) => setReceivedAt(target.value)}
          />
          <TextField
            label={t('simulation.volume')}
            inputMode="numeric"
            maxLength={7}
            value={volume}
            onChange={({ target }) => setVolume(target.value.replaceAll(/\D/g, ''))}
          />
        </div>
        <TextArea
          label={t('simulation.data')}
          help={t('simulation.dataHelp')}
          rows={2}
          value={data}
          onChange={({ target }) => setData(target.value)}
        />
        <ProblemNote error={simulation.error} />
        <div>
          <button
            type="submit"
            className="button"
            disabled={simulation.isPending || definition === undefined}
          >
            {t(simulation.isPending ? 'simulation.running' : 'simulation.run')}
          </button>
        </div>
      </form>
      {simulation.data !== undefined && <Simulated result={simulation.data} />}
    </section>
  );
}

/** "pages = 2" in lines. */
const dataOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [path = '', ...value] = line.split('=');
      return path.trim() === '' ? [] : [[path.trim(), value.join('=').trim()]];
    }),
  );
