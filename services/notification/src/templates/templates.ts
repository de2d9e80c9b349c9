import type { Logger } from '@lienthong/kit';
import type { Rendered, Templates } from '../domain/templates.ts';
import type { Values } from '../domain/topics.ts';
import { countVersions, readNewest } from '../store/templates.ts';
import type { TemplateText } from './defaults/shape.ts';
import { compile, type Formatted } from './format.ts';
import { KNOWN_TEMPLATES, type KnownTemplate } from './keys.ts';
import { cleanValues, cut } from './variables.ts';

const MAX_TITLE = 200;

interface Compiled {
  template: KnownTemplate;
  version: number;
  title: Formatted;
  body: Formatted;
}

const compiled = (template: KnownTemplate, version: number): Compiled => ({
  template,
  version,
  title: compile(template.title, template.language),
  body: compile(template.body, template.language),
});

/** The templates as one process knows them: the shipped ones, overridden by what was saved; each compiled once. */
export function createTemplates(log: Logger): Templates {
  const all = new Map<string, Compiled>();
  let seen = 0;

  return {
    async refresh(reader) {
      // Versions are only ever added, so their number says whether there is a new one.
      const count = await countVersions(reader);
      if (count === seen) return;
      for (const { key, version, title, body } of await readNewest(reader)) {
        const known = KNOWN_TEMPLATES.get(key);
        if (known === undefined || version <= (all.get(key)?.version ?? 1)) continue;
        try {
          all.set(key, compiled({ ...known, title, body }, version));
        } catch (err) {
          // It was checked when it was saved, by a release that understood it; its predecessor goes on.
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
        one = compiled(known, 1);
        all.set(key, one);
      }
      return rendered(one, values);
    },
  };
}

/** A template that is not kept, filled in once. */
export const fill = (template: KnownTemplate, values: Values): TemplateText => {
  const { title, body } = rendered(compiled(template, 0), values);
  return { title, body };
};

function rendered({ template, version, title, body }: Compiled, values: Values): Rendered {
  const clean = cleanValues(template.topic, values);
  return {
    title: cut(title(clean).replace(/\s+/g, ' ').trim(), MAX_TITLE),
    body: tidy(body(clean)),
    version,
  };
}

/** What a variable that is empty leaves behind: double spaces, spaces at ends, more than one empty line. */
const tidy = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
