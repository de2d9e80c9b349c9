import type { casework } from '@lienthong/contracts/json';
import { amountText } from '../../text/amount.ts';
import { momentText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { Attachments } from '../../ui/attachments.tsx';

const sumOf = (payments: readonly casework.Payment[]): string =>
  String(payments.reduce((sum, { amountVnd }) => sum + BigInt(amountVnd), 0n));

/** What was lodged: by whom, with which papers and data, and what it resulted in. */
export function DossierFacts({ dossier }: { dossier: casework.Dossier }) {
  const { t, language } = useText();
  const { applicant, papers, results } = dossier;
  const moment = (at: string | undefined) => (at === undefined ? '' : momentText(new Date(at), language));
  const amount = (dong: string | undefined) => amountText(dong, language);
  const rows: [string, string][] = [
    [t('dossier.procedure'), dossier.procedureName],
    [t('dossier.case'), dossier.caseName],
    [t('dossier.applicant'), applicant?.fullName ?? ''],
    [t('dossier.address'), applicant?.address ?? ''],
    [t('dossier.phone'), applicant?.phone ?? ''],
    [t('dossier.lodgedAt'), moment(dossier.lodgedAt)],
    [t('dossier.acceptedAt'), moment(dossier.acceptedAt)],
    [t('dossier.finishedAt'), moment(dossier.finishedAt)],
    [t('dossier.intake'), dossier.intake?.name ?? ''],
    [t('dossier.competent'), dossier.competent?.name ?? ''],
    [t('dossier.fee'), amount(dossier.fee?.totalVnd)],
    [t('dossier.paymentDue'), amount(dossier.paymentDueVnd)],
    [t('dossier.paid'), amount(sumOf(dossier.payments))],
    [t('dossier.reason'), dossier.reason],
    [t('dossier.missing'), dossier.supplementContent],
  ];
  const files = papers.filter(({ sha256 }) => sha256 !== '');
  return (
    <>
      <section className="panel" aria-label={t('dossier.facts')}>
        <dl className="facts">
          {rows
            .filter(([, text]) => text !== '')
            .map(([name, text]) => (
              <div key={name} className="fact">
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
        </dl>
      </section>
      <section className="panel stack" aria-labelledby="papers">
        <h2 id="papers">{t('dossier.papers')}</h2>
        <ul className="stack tight">
          {papers.map(({ key, name, originals, copies, sha256 }) => (
            <li key={`${key} ${name} ${sha256}`}>
              {[
                name || key,
                originals > 0 && t('paper.originals', { count: originals }),
                copies > 0 && t('paper.copies', { count: copies }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </li>
          ))}
        </ul>
        {files.length > 0 && (
          <Attachments
            kind="ho-so"
            files={files.map(({ sha256, name, key }) => ({ sha256, name: name || key, contentType: '' }))}
          />
        )}
      </section>
      {dossier.handedIn.length > 0 && (
        <section className="panel stack" aria-labelledby="handed-in">
          <h2 id="handed-in">{t('dossier.handedIn')}</h2>
          <Attachments kind="ho-so" files={dossier.handedIn} />
        </section>
      )}
      {results.length > 0 && (
        <section className="panel stack tight" aria-labelledby="results">
          <h2 id="results">{t('dossier.results')}</h2>
          <ul>
            {results.map(({ key, name, number }) => (
              <li key={key}>{[name || key, number].filter(Boolean).join(' · ')}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
