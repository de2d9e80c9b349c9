import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limitSettings } from '../../../packages/kit/src/limits/settings.ts';
import { channelSettings } from '../../notification/src/channels/config.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The names that a file declares in its schema of settings. */
const settingsIn = (file: string) =>
  [...read(file).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name);

test('the README names every setting of the platform, its channels, receipts and webhooks', () => {
  const files = [
    'services/standalone/src/config.ts',
    'services/notification/src/channels/config.ts',
    ...globSync('packages/*/src/{limits/,}settings.ts', { cwd: root }),
  ];
  const names = files.flatMap(settingsIn);
  expect(names).toEqual(
    expect.arrayContaining([
      'LIENTHONG_DATA',
      'SMTP_URL',
      'RECEIPT_LISTEN',
      'WEBHOOK_PORTS',
      'RATE_PER_ADDRESS',
    ]),
  );
  const readme = read('services/standalone/README.md');
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('the README describes the settings of limits, channels, receipts and webhooks as the schema does', () => {
  const readme = read('services/standalone/README.md');
  const rows = Object.entries({ ...limitSettings.shape, ...channelSettings.shape }).map(
    ([name, { description }]) => ({
      name,
      description,
    }),
  );
  expect(rows.length).toBeGreaterThan(30);
  for (const { name, description } of rows) {
    const [, found] = new RegExp(`^\\| \`${name}\` \\| [^|]*\\| (.*) \\|$`, 'm').exec(readme) ?? [];
    expect.soft(found, name).toBe(description);
  }
});
