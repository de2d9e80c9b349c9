import { parse } from '@formatjs/icu-messageformat-parser';
import type { Plugin } from 'vite';

/** Messages with something to fill in become what ICU's parser makes of them, so that no parser goes to the browser. */
export const compileTexts: Plugin = {
  name: 'compile-texts',
  transform: {
    filter: { id: /\/src\/text\/(vi|en)\.json$/ },
    order: 'pre',
    handler: (json) => JSON.stringify(compile(JSON.parse(json))),
  },
};

const compile = (messages: Record<string, string>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(messages).map(([key, message]) => [
      key,
      message.includes('{') ? parse(message, { captureLocation: false }) : message,
    ]),
  );
