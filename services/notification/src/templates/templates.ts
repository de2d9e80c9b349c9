import type { Logger } from '@lienthong/kit';
import type { RenderedMessage, Templates } from '../domain/templates.ts';
import type { Values } from '../domain/topics.ts';
import { countVersions, readNewest } from '../store/templates.ts';
import type { TemplateText } from './defaults/shape.ts';
import { compile, type TextFormatter } from './format.ts';
import { KNOWN_TEMPLATES, type KnownTemplate } from './keys.ts';
import { cleanValues, cut } from './variables.ts';

const MAX_TITLE = 200;

interface CompiledTemplate {
  template: KnownTemplate;
  version: number;
  title: TextFormatter;
  body: TextFormatter;
}

const compileTemplate = (template: KnownTemplate, version: number): CompiledTemplate => ({
  template,
  version,
  title: compile(template.title, template.language),
  body: compile(template.body, template.language),
});

/** The templates of one process: the shipped ones, replaced by saved versions; each is compiled once. */
export function createTemplates(log: Logger): Templates {
  const all = new Map<string, CompiledTemplate>();
  let seen = 0;

  return {
    async refresh(reader) {
      // Versions are only added, so a new one changes their number.
      const count = await countVersions(reader);
      if (count === seen) return;
      for (const { key, version, title, body } of await readNewest(reader)) {
        const known = KNOWN_TEMPLATES.get(key);
        if (known === undefined || version <= (all.get(key)?.version ?? 1)) continue;
        try {
          all.set(key, compileTemplate({ ...known, title, body }, version));
        } catch (err) {
          // It was checked when it was saved, by another release. The previous version stays in use.
          log.error({ err, template: key, version }, 'a saved template cannot be read');
        }
      }
      seen = count;
    },
    render(key, values) {
      let one = all.get(key);
      if (one === undefined) {
        const known = KNOWN_TEMPLATES.get(key);
        if (known === undefined) throw new Error(`there is no template ${key}`);
        one = compileTemplate(known, 1);
        all.set(key, one);
      }
      return renderTemplate(one, values);
    },
  };
}

/** Fills in a template that is not stored. */
export const fill = (template: KnownTemplate, values: Values): TemplateText => {
  const { title, body } = renderTemplate(compileTemplate(template, 0), values);
  return { title, body };
};

function renderTemplate(
  { template, version, title, body }: CompiledTemplate,
  values: Values,
): RenderedMessage {
  const clean = cleanValues(template.topic, values);
  return {
    title: cut(title(clean).replace(/\s+/g, ' ').trim(), MAX_TITLE),
    body: tidy(body(clean)),
    version,
  };
}

/** Removes what an empty variable leaves behind: double spaces, spaces at line ends, repeated empty lines. */
const tidy = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
