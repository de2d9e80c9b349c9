import type { registry } from '@lienthong/contracts/json';
import { amountText } from '../../text/amount.ts';
import { dateText, momentText } from '../../text/dates.ts';
import { type Key, useText } from '../../text/text.tsx';
import { Bar } from '../../ui/bar.tsx';
import { planBars } from './plan-bars.ts';

/** The result of a simulation: when it is done, the critical path on a line of time, the load, and what changes. */
export function Simulated({ result }: { result: registry.SimulateProcedureResponse }) {
  const { t, language } = useText();
  const at = (moment: string | undefined) =>
    moment === undefined ? t('simulation.never') : momentText(new Date(moment), language);
  const times: [Key, string | undefined][] = [
    ['simulation.earliest', result.earliestFinish],
    ['simulation.latest', result.latestFinish],
    ['simulation.deadline', result.legalDeadline],
  ];
  return (
    <div className="stack" role="status">
      <dl className="facts">
        {times.map(([key, moment]) => (
          <div key={key} className="fact">
            <dt>{t(key)}</dt>
            <dd>{at(moment)}</dd>
          </div>
        ))}
      </dl>
      <PlanTable result={result} />
      <LoadTable loads={result.loads} />
      {result.difference !== undefined && <DifferenceFacts difference={result.difference} />}
    </div>
  );
}

function PlanTable({ result }: { result: registry.SimulateProcedureResponse }) {
  const { t, language } = useText();
  const { bars, deadline } = planBars(result);
  const moment = (text: string | undefined) =>
    text === undefined ? '' : momentText(new Date(text), language);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="table-scroll" tabIndex={0} aria-label={t('simulation.plan')}>
      <table className="waterfall">
        <thead>
          <tr>
            <th scope="col">{t('simulation.step')}</th>
            <th scope="col">{t('simulation.fromTo')}</th>
            <th scope="col" className="number">
              {t('simulation.hours')}
            </th>
            <th scope="col">{t('simulation.course')}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ step, from, length }) => (
            <tr key={`${step.key} ${step.agencyId}`}>
              <th scope="row">
                {step.name}{' '}
                {step.critical && <span className="badge badge-warn">{t('simulation.critical')}</span>}
                <span className="small muted">{step.agencyName}</span>
              </th>
              <td className="number">
                {moment(step.startsAt)} – {moment(step.endsAt)}
              </td>
              <td className="number">{hoursText(step.workingMinutes, language)}</td>
              <td>
                <Bar
                  from={from}
                  length={length}
                  tone={step.critical ? 'critical' : undefined}
                  mark={deadline}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function LoadTable({ loads }: { loads: readonly registry.AgencyLoad[] }) {
  const { t, language } = useText();
  if (loads.length === 0) return null;
  const most = Math.max(...loads.map(({ officersNeeded }) => officersNeeded), 0.001);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className="table-scroll" tabIndex={0} aria-label={t('simulation.load')}>
      <table className="waterfall">
        <thead>
          <tr>
            <th scope="col">{t('simulation.load')}</th>
            {(['dossiers', 'steps', 'hours', 'peak', 'officers'] as const).map((name) => (
              <th key={name} scope="col" className="number">
                {t(`simulation.${name}`)}
              </th>
            ))}
            <th scope="col">{t('simulation.course')}</th>
          </tr>
        </thead>
        <tbody>
          {loads.map((load) => (
            <tr key={load.agencyId}>
              <th scope="row">{load.agencyName}</th>
              <td className="number">{number.format(load.dossiers)}</td>
              <td className="number">{number.format(load.steps)}</td>
              <td className="number">{hoursText(load.workingMinutes, language)}</td>
              <td className="number">
                {number.format(load.peakOpen)}
                {load.peakOn !== '' && (
                  <span className="small muted"> ({dateText(load.peakOn, language)})</span>
                )}
              </td>
              <td className="number">{number.format(load.officersNeeded)}</td>
              <td>
                <Bar from={0} length={(load.officersNeeded / most) * 1_000} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DifferenceFacts({ difference }: { difference: registry.Difference }) {
  const { t, language } = useText();
  const signed = (value: number) =>
    new Intl.NumberFormat(language, { signDisplay: 'exceptZero', maximumFractionDigits: 1 }).format(value);
  const fee = difference.feeVnd.startsWith('-')
    ? `−${amountText(difference.feeVnd.slice(1), language)}`
    : amountText(difference.feeVnd, language);
  const rows: [Key, string][] = [
    ['difference.days', signed(difference.workingDays)],
    ['difference.papers', signed(difference.papers)],
    ['difference.fee', fee || '0'],
    ['difference.contacts', signed(difference.contacts)],
    ['difference.steps', signed(difference.steps)],
    ['difference.agencies', signed(difference.agencies)],
    ['difference.papersAdded', difference.papersAdded.join('; ')],
    ['difference.papersRemoved', difference.papersRemoved.join('; ')],
    ['difference.dataAdded', difference.dataAdded.join(', ')],
    ['difference.dataRemoved', difference.dataRemoved.join(', ')],
    ['difference.dataChanged', difference.dataChanged.join(', ')],
  ];
  return (
    <>
      <h3>{t('difference.title', { version: difference.againstVersion })}</h3>
      <dl className="facts">
        {rows
          .filter(([, text]) => text !== '')
          .map(([key, text]) => (
            <div key={key} className="fact">
              <dt>{t(key)}</dt>
              <dd>{text}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}

const hoursText = (minutes: string, language: string): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(Number(minutes) / 60);
