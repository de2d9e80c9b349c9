import type { registry } from '@lienthong/contracts/json';
import { amountText } from '../../text/amount.ts';
import { dateText } from '../../text/dates.ts';
import { durationText } from '../../text/duration.ts';
import { type Key, useText } from '../../text/text.tsx';

const CHANNELS: Record<registry.Channel, Key> = {
  CHANNEL_UNSPECIFIED: 'tier.none',
  CHANNEL_IN_PERSON: 'channel.inPerson',
  CHANNEL_ONLINE: 'channel.online',
  CHANNEL_POST: 'channel.post',
};
const LEVELS: Partial<Record<registry.ServiceLevel, Key>> = {
  SERVICE_LEVEL_FULL: 'procedure.full',
  SERVICE_LEVEL_PARTIAL: 'procedure.partial',
};

interface ProcedureFactsProps {
  procedure: registry.Procedure;
  definition: registry.Definition;
}

/** The public record of a version. */
export function ProcedureFacts({ procedure, definition }: ProcedureFactsProps) {
  const { t, language } = useText();
  const level = LEVELS[definition.serviceLevel];
  const { decision, endedBy } = procedure;
  const decisionText = (one: registry.Decision | undefined) =>
    one === undefined ? '' : `${one.number}, ${dateText(one.decidedOn, language)}, ${one.signerName}`;
  const wayText = ({ channel, timeLimit, feeVnd, note }: registry.Way) =>
    [
      t(CHANNELS[channel]),
      durationText(timeLimit ?? definition.timeLimit, t),
      amountText(feeVnd, language),
      note,
    ]
      .filter(Boolean)
      .join(' · ');
  const paperText = ({ name, originals, copies, form }: registry.RequiredPaper) =>
    [
      name,
      originals > 0 && t('paper.originals', { count: originals }),
      copies > 0 && t('paper.copies', { count: copies }),
      form,
    ]
      .filter(Boolean)
      .join(' · ');
  const rows: [Key, string[]][] = [
    ['procedure.field', [definition.field]],
    ['procedure.effectiveOn', [dateText(procedure.effectiveOn, language)]],
    ['procedure.endedOn', [dateText(procedure.endedOn, language)]],
    ['procedure.decision', [decisionText(decision)]],
    ['procedure.endedBy', [decisionText(endedBy)]],
    ['procedure.applicants', definition.applicants],
    ['procedure.timeLimit', [durationText(definition.timeLimit, t)]],
    [
      'procedure.cases',
      definition.cases.map(({ name, timeLimit }) =>
        [name, durationText(timeLimit, t)].filter(Boolean).join(': '),
      ),
    ],
    ['procedure.level', [level === undefined ? '' : t(level), definition.serviceLevelReason]],
    ['lodge.servedElsewhere', [definition.servedElsewhere]],
    ['procedure.ways', definition.ways.map(wayText)],
    ['procedure.fees', definition.fees.map(({ name }) => name)],
    ['dossier.papers', definition.papers.map(paperText)],
    ['procedure.results', definition.results.map(({ name }) => name)],
    ['procedure.conditions', [definition.conditions]],
    ['procedure.legalBasis', definition.legalBasis],
  ];
  return (
    <section className="panel" aria-label={t('procedure.facts')}>
      <dl className="facts">
        {rows
          .map(([key, texts]) => [key, texts.filter(Boolean)] as const)
          .filter(([, texts]) => texts.length > 0)
          .map(([key, texts]) => (
            <div key={key} className="fact">
              <dt>{t(key)}</dt>
              <dd>
                {texts.map((text) => (
                  <p key={text}>{text}</p>
                ))}
              </dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
