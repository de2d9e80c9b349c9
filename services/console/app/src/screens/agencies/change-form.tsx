import type { directory } from '@lienthong/contracts/json';
import type { Violation } from '../../api/problem.ts';
import { nameOf } from '../../text/agency.ts';
import { useReasons } from '../../text/reason.ts';
import { type Key, useText } from '../../text/text.tsx';
import { AgencySearch } from '../../ui/agency-search.tsx';
import { type Chosen, ChosenAgencies } from '../../ui/chosen-agencies.tsx';
import { FieldGroup, SelectField, TextField } from '../../ui/field.tsx';
import type { Change } from './reorganisation.ts';

const TIERS = [
  ['TIER_PROVINCE', 'tier.province'],
  ['TIER_DEPARTMENT', 'tier.department'],
  ['TIER_COMMUNE', 'tier.commune'],
] as const;
export const KINDS: Record<Change['kind'], Key> = {
  merge: 'reorganise.merge',
  rename: 'reorganise.rename',
  end: 'reorganise.end',
};

interface ChangeFormProps {
  change: Change;
  number: number;
  violations: readonly Violation[];
  onChange: (more: Partial<Change>) => void;
  onDrop: () => void;
}

/** One change of a reorganisation. */
export function ChangeForm({ change, number, violations, onChange, onDrop }: ChangeFormProps) {
  const { t } = useText();
  const reasonText = useReasons();
  const { kind, agencies, successor, isNew, name, code, tier, parent } = change;
  const said = [...new Set(violations.map(({ reason, description }) => reasonText(reason, description)))];
  return (
    <FieldGroup
      className="panel"
      label={`${number}. ${t(KINDS[kind])}`}
      error={said.length === 0 ? undefined : said.join(' ')}
    >
      <ChooseAgencies
        label={t(kind === 'merge' ? 'reorganise.predecessors' : 'reorganise.agency')}
        chosen={agencies}
        many={kind === 'merge'}
        onChange={(next) => onChange({ agencies: next })}
      />
      {kind === 'merge' && (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={isNew}
              onChange={(event) => onChange({ isNew: event.target.checked })}
            />
            {t('reorganise.isNew')}
          </label>
          {!isNew && (
            <ChooseAgencies
              label={t('reorganise.successor')}
              chosen={successor}
              onChange={(next) => onChange({ successor: next })}
            />
          )}
        </>
      )}
      {(isNew || kind === 'rename') && (
        <TextField
          label={t('reorganise.name')}
          required
          maxLength={200}
          value={name}
          onChange={({ target }) => onChange({ name: target.value })}
        />
      )}
      {isNew && (
        <>
          <div className="pair">
            <TextField
              label={t('reorganise.code')}
              maxLength={40}
              value={code}
              onChange={({ target }) => onChange({ code: target.value })}
            />
            <SelectField
              label={t('agency.tier')}
              value={tier}
              onChange={({ target }) => onChange({ tier: target.value as directory.Tier })}
            >
              {TIERS.map(([value, key]) => (
                <option key={value} value={value}>
                  {t(key)}
                </option>
              ))}
            </SelectField>
          </div>
          <ChooseAgencies
            label={t('reorganise.parent')}
            chosen={parent}
            onChange={(next) => onChange({ parent: next })}
          />
        </>
      )}
      <div>
        <button type="button" className="button" onClick={onDrop}>
          {t('reorganise.drop')}
        </button>
      </div>
    </FieldGroup>
  );
}

interface ChooseAgenciesProps {
  label: string;
  chosen: Chosen;
  many?: boolean;
  onChange: (chosen: Chosen) => void;
}

function ChooseAgencies({ label, chosen, many = false, onChange }: ChooseAgenciesProps) {
  return (
    <FieldGroup label={label}>
      <ChosenAgencies
        chosen={chosen}
        onDrop={(id) => onChange(Object.fromEntries(Object.entries(chosen).filter(([one]) => one !== id)))}
      />
      {(many || Object.keys(chosen).length === 0) && (
        <AgencySearch onChoose={(agency) => onChange({ ...chosen, [agency.id]: nameOf(agency) })} />
      )}
    </FieldGroup>
  );
}
