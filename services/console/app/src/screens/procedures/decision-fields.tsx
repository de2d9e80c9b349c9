import type { Method } from '../../api/call.ts';
import type { Command } from '../../api/use-command.ts';
import { today } from '../../text/dates.ts';
import { type Key, useText } from '../../text/text.tsx';
import { FieldGroup, TextField } from '../../ui/field.tsx';

/** From which day on, and by which decision. */
export interface Decided {
  day: string;
  number: string;
  decidedOn: string;
  signerName: string;
  signerPosition: string;
}

export const UNDECIDED = (): Decided => ({
  day: today(),
  number: '',
  decidedOn: today(),
  signerName: '',
  signerPosition: '',
});

export const decisionOf = ({ number, decidedOn, signerName, signerPosition }: Decided) => ({
  number: number.trim(),
  decidedOn,
  signerName: signerName.trim(),
  signerPosition: signerPosition.trim(),
});

interface DecisionFieldsProps<M extends Method> {
  decided: Decided;
  /** The name of the day in the request, as violations name it, and for people. */
  dayField: string;
  dayLabel: Key;
  command: Command<M>;
  onChange: (more: Partial<Decided>) => void;
}

export const decisionFieldNames = (dayField: string) => [
  dayField,
  'decision.number',
  'decision.decided_on',
  'decision.signer_name',
  'decision.signer_position',
];

export function DecisionFields<M extends Method>({
  decided,
  dayField,
  dayLabel,
  command,
  onChange,
}: DecisionFieldsProps<M>) {
  const { t } = useText();
  const text = (name: keyof Decided, field: string) => ({
    value: decided[name],
    required: true,
    error: command.errorOf(field),
    onChange: ({ target }: { target: { value: string } }) => onChange({ [name]: target.value }),
  });
  return (
    <>
      <TextField label={t(dayLabel)} type="date" {...text('day', dayField)} />
      <FieldGroup label={t('procedure.decision')}>
        <div className="pair">
          <TextField
            label={t('procedure.decisionNumber')}
            maxLength={50}
            placeholder="1234/QĐ-UBND"
            {...text('number', 'decision.number')}
          />
          <TextField
            label={t('procedure.decidedOn')}
            type="date"
            {...text('decidedOn', 'decision.decided_on')}
          />
          <TextField
            label={t('procedure.signerName')}
            maxLength={100}
            {...text('signerName', 'decision.signer_name')}
          />
          <TextField
            label={t('procedure.signerPosition')}
            maxLength={100}
            {...text('signerPosition', 'decision.signer_position')}
          />
        </div>
      </FieldGroup>
    </>
  );
}
