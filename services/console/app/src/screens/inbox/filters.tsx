import { DOCUMENT_TYPES } from '@lienthong/contracts/document-types';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import type { FormEvent } from 'react';
import type { InboxSearch } from '../../../../src/first/inbox.ts';
import { useText } from '../../text/text.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';

/** Filters stay in the address: what is shown can be kept and passed on. */
export function InboxFilters({ search }: { search: InboxSearch }) {
  const { t } = useText();
  const navigate = useNavigate();
  const change = (more: InboxSearch) => void navigate({ to: '/van-ban-den', search: { ...search, ...more } });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('tim');
    change({ tim: String(text ?? '').trim() || undefined });
  }

  return (
    <search className="no-print">
      <form className="filters" onSubmit={submit}>
        <div className="search">
          <TextField
            label={t('inbox.search')}
            name="tim"
            type="search"
            defaultValue={search.tim ?? ''}
            maxLength={200}
            placeholder={t('inbox.searchExample')}
          />
        </div>
        <button type="submit" className="button">
          <Search size={16} className="icon" aria-hidden />
          {t('action.search')}
        </button>
        <SelectField
          label={t('document.type')}
          value={search.loai ?? ''}
          onChange={(event) => change({ loai: event.target.value || undefined })}
        >
          <option value="">{t('filter.everyType')}</option>
          {[...DOCUMENT_TYPES].map(([type, name]) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </SelectField>
        <label className="check">
          <input
            type="checkbox"
            checked={search['chi-dao'] !== undefined}
            onChange={(event) => change({ 'chi-dao': event.target.checked ? 'co' : undefined })}
          />
          {t('filter.directives')}
        </label>
      </form>
    </search>
  );
}
