import type { casework } from '@lienthong/contracts/json';
import type { Request } from '../../api/call.ts';
import { type Key, useText } from '../../text/text.tsx';
import { FieldGroup, SelectField, TextField } from '../../ui/field.tsx';

type Applicant = NonNullable<Request<'casework.v1.CaseworkService/LodgeDossier'>['applicant']>;

const KINDS = [
  ['APPLICANT_KIND_CITIZEN', 'applicant.citizen'],
  ['APPLICANT_KIND_HOUSEHOLD', 'applicant.household'],
  ['APPLICANT_KIND_ORGANISATION', 'applicant.organisation'],
  ['APPLICANT_KIND_FOREIGN', 'applicant.foreign'],
] as const satisfies readonly (readonly [casework.ApplicantKind, Key])[];
const IDENTITIES = [
  ['IDENTITY_KIND_PERSONAL_NUMBER', 'identity.personal'],
  ['IDENTITY_KIND_PASSPORT', 'identity.passport'],
  ['IDENTITY_KIND_ENTERPRISE_NUMBER', 'identity.enterprise'],
  ['IDENTITY_KIND_RESIDENCE_CARD', 'identity.residence'],
  ['IDENTITY_KIND_OTHER', 'identity.other'],
] as const satisfies readonly (readonly [casework.IdentityKind, Key])[];

interface ApplicantFieldsProps {
  applicant: Applicant;
  onChange: (applicant: Applicant) => void;
  /** By the field's name in the contracts. */
  errorOf: (field: string) => string | undefined;
}

/** Who lodges the dossier. */
export function ApplicantFields({ applicant, onChange, errorOf }: ApplicantFieldsProps) {
  const { t } = useText();
  const text = (name: 'fullName' | 'identityNumber' | 'address' | 'phone' | 'email', field: string) => ({
    value: applicant[name] ?? '',
    error: errorOf(field),
    onChange: (event: { target: { value: string } }) =>
      onChange({ ...applicant, [name]: event.target.value }),
  });
  return (
    <FieldGroup label={t('dossier.applicant')}>
      <TextField label={t('applicant.fullName')} maxLength={200} {...text('fullName', 'full_name')} />
      <div className="pair">
        <SelectField
          label={t('applicant.kind')}
          value={applicant.kind ?? ''}
          error={errorOf('kind')}
          onChange={(event) =>
            onChange({ ...applicant, kind: (event.target.value || undefined) as casework.ApplicantKind })
          }
        >
          <option value="">{t('field.choose')}</option>
          {KINDS.map(([kind, key]) => (
            <option key={kind} value={kind}>
              {t(key)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('identity.kind')}
          value={applicant.identityKind ?? ''}
          error={errorOf('identity_kind')}
          onChange={(event) =>
            onChange({
              ...applicant,
              identityKind: (event.target.value || undefined) as casework.IdentityKind,
            })
          }
        >
          <option value="">{t('field.choose')}</option>
          {IDENTITIES.map(([kind, key]) => (
            <option key={kind} value={kind}>
              {t(key)}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t('identity.number')}
          maxLength={50}
          {...text('identityNumber', 'identity_number')}
        />
        <TextField label={t('dossier.phone')} type="tel" maxLength={30} {...text('phone', 'phone')} />
        <TextField label={t('applicant.email')} type="email" maxLength={200} {...text('email', 'email')} />
      </div>
      <TextField label={t('dossier.address')} maxLength={500} {...text('address', 'address')} />
    </FieldGroup>
  );
}
