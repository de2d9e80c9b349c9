import type { notification } from '@lienthong/contracts/json';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { query } from '../../api/query-client.ts';
import { useCommand } from '../../api/use-command.ts';
import { momentText } from '../../text/dates.ts';
import { useText } from '../../text/text.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Screen } from '../../ui/screen.tsx';
import { CHANNELS, TOPICS } from './topics.ts';

/** Of what, how and when the person is notified. */
export function NotificationSettings() {
  const { t } = useText();
  const { data, error, refetch } = useQuery(query('notification.v1.NotificationService/GetPreferences', {}));
  return (
    <Screen title={t('notifications.settings')}>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {data?.preferences !== undefined && <PreferencesForm first={data.preferences} />}
      {data !== undefined && <ContactForm contact={data.contact} failedAt={data.emailFailedAt} />}
    </Screen>
  );
}

function PreferencesForm({ first }: { first: notification.Preferences }) {
  const { t } = useText();
  const [preferences, setPreferences] = useState(first);
  const [saved, setSaved] = useState(false);
  const save = useCommand('notification.v1.NotificationService/SetPreferences', () => setSaved(true));
  const change = (more: Partial<notification.Preferences>) => {
    setSaved(false);
    setPreferences((before) => ({ ...before, ...more }));
  };
  const changeTopic = (topic: notification.Topic, more: Partial<notification.TopicPreference>) =>
    change({
      topics: preferences.topics.map((one) => (one.topic === topic ? { ...one, ...more } : one)),
    });

  function submit(event: FormEvent): void {
    event.preventDefault();
    save.run({ preferences });
  }

  return (
    <form className="panel stack" onSubmit={submit}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section className="table-scroll" tabIndex={0} aria-label={t('notifications.topics')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('notifications.topics')}</th>
              {CHANNELS.map(([channel, key]) => (
                <th key={channel} scope="col">
                  {t(key)}
                </th>
              ))}
              <th scope="col">{t('notifications.digest')}</th>
            </tr>
          </thead>
          <tbody>
            {preferences.topics.flatMap(({ topic, channels, digest }) => {
              const key = TOPICS[topic];
              if (key === undefined) return [];
              return (
                <tr key={topic}>
                  <th scope="row">{t(key)}</th>
                  {CHANNELS.map(([channel, channelKey]) => (
                    <td key={channel}>
                      <input
                        type="checkbox"
                        aria-label={`${t(key)}: ${t(channelKey)}`}
                        checked={channels.includes(channel)}
                        onChange={({ target }) =>
                          changeTopic(topic, {
                            channels: [
                              ...channels.filter((one) => one !== channel),
                              ...(target.checked ? [channel] : []),
                            ],
                          })
                        }
                      />
                    </td>
                  ))}
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`${t(key)}: ${t('notifications.digest')}`}
                      checked={digest}
                      onChange={({ target }) => changeTopic(topic, { digest: target.checked })}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <p className="small muted">{t('notifications.alwaysHere')}</p>
      <div className="pair">
        <SelectField
          label={t('notifications.language')}
          value={preferences.language}
          onChange={({ target }) => change({ language: target.value as notification.Language })}
        >
          <option value="LANGUAGE_VI">Tiếng Việt</option>
          <option value="LANGUAGE_EN">English</option>
        </SelectField>
        <TextField
          label={t('notifications.digestAt')}
          type="time"
          value={preferences.digestAt}
          error={save.errorOf('preferences.digest_at')}
          onChange={({ target }) => change({ digestAt: target.value })}
        />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={preferences.quietOutsideOfficeHours}
          onChange={({ target }) => change({ quietOutsideOfficeHours: target.checked })}
        />
        {t('notifications.quiet')}
      </label>
      <ProblemNote error={save.error} shown={['preferences.digest_at']} />
      <div className="end">
        <span role="status">{saved ? t('notifications.saved') : ''}</span>
        <button type="submit" className="button button-main" disabled={save.running}>
          {t('action.save')}
        </button>
      </div>
    </form>
  );
}

interface ContactFormProps {
  /** Masked. */
  contact: notification.Contact | undefined;
  failedAt: string | undefined;
}

/** Where mails and short messages go. */
function ContactForm({ contact, failedAt }: ContactFormProps) {
  const { t, language } = useText();
  const set = useCommand('notification.v1.NotificationService/SetContact');

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    set.run({ contact: { email: text('email'), phone: text('phone') } });
  }

  return (
    <section className="panel stack" aria-labelledby="contact">
      <h2 id="contact">{t('contact.title')}</h2>
      <p>{[contact?.email, contact?.phone].filter(Boolean).join(' · ') || t('contact.none')}</p>
      {failedAt !== undefined && (
        <p className="note note-warn">
          {t('contact.failed', { at: momentText(new Date(failedAt), language) })}
        </p>
      )}
      <form className="stack" onSubmit={submit}>
        <div className="pair">
          <TextField
            label={t('applicant.email')}
            name="email"
            type="email"
            maxLength={200}
            error={set.errorOf('contact.email')}
          />
          <TextField
            label={t('dossier.phone')}
            name="phone"
            type="tel"
            maxLength={30}
            error={set.errorOf('contact.phone')}
          />
        </div>
        <p className="small muted">{t('contact.help')}</p>
        <ProblemNote error={set.error} shown={['contact.email', 'contact.phone']} />
        <div className="end">
          <button type="submit" className="button" disabled={set.running}>
            {t('contact.change')}
          </button>
        </div>
      </form>
    </section>
  );
}
