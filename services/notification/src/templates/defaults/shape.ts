import type { TopicKey } from '../../domain/topics.ts';

export interface TemplateText {
  /** ICU MessageFormat. */
  title: string;
  body: string;
}

/** The shipped templates of one language. The channel webhook has what is read in-app. */
export type Defaults = Readonly<Record<TopicKey, Record<'in-app' | 'email' | 'sms', TemplateText>>>;

/** The topics of citizens. */
export type CitizenDefaults = Pick<
  Defaults,
  'dossier-status' | 'dossier-extended' | 'dossier-recomputed' | 'dossier-rerouted'
>;

/** One topic: a title and short text for the application, a letter, an SMS without its title. */
export const topic = (
  title: string,
  inApp: string,
  email: string,
  sms: string,
): Defaults[keyof Defaults] => ({
  'in-app': { title, body: inApp },
  email: { title, body: email },
  sms: { title, body: sms },
});
