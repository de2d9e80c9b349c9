import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate } from '@lienthong/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { serverOf, serverOfMany } from '../src/postgres/server-of.ts';

/** A file of the authority that the test may change. */
function authorityFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-postgres-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, certificate().cert);
  return file;
}

test('plain text goes to this machine alone, unless the URL allows it', () => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '%2Fvar%2Frun'])
    expect(serverOf(`postgres://a:b@${host}:5432/c`).ssl).toBe(false);
  expect(serverOf('postgres://a:b@db:5432/c?sslmode=disable').ssl).toBe(false);
  for (const host of ['db', '10.0.0.1', '127.0.0.1.example', 'localhost.example', '[2001:db8::1]'])
    expect(() => serverOf(`postgres://a:b@${host}:5432/c`)).toThrow(
      /is not protected: add \?sslmode=verify-full/,
    );
  expect(() => serverOf('postgres://a:b@localhost/c?host=db')).toThrow(/at db is not protected/);
});

test('modes that check less than the certificate and the name are refused, without the password in the words', () => {
  for (const mode of ['prefer', 'allow', 'require', 'verify-ca', 'no-verify'])
    expect(() => serverOf(`postgres://a:geheim@db/c?sslmode=${mode}`)).toThrow(
      new Error(`sslmode=${mode} in the URL of PostgreSQL: use verify-full, or disable`),
    );
});

test('the parameters of TLS leave the URL, the others stay', () => {
  const url = `postgres://a:b@db:5432/c?application_name=x&sslmode=verify-full&sslrootcert=${authorityFile()}`;
  expect(serverOf(url).connectionString).toBe('postgres://a:b@db:5432/c?application_name=x');
  expect(serverOf(url).ssl).toHaveProperty('secureContext');
});

test('each connection reads the files again; one that cannot be read leaves the last', () => {
  const file = authorityFile();
  const errors: Error[] = [];
  const { ssl } = serverOfMany(`postgres://a:b@db/c?sslmode=verify-full&sslrootcert=${file}`, (error) =>
    errors.push(error),
  );
  const context = () => (ssl ? ssl.secureContext : expect.fail('no TLS'));
  const first = context();
  writeFileSync(file, certificate().cert);
  const second = context();
  expect(second).not.toBe(first);
  rmSync(file);
  expect(context()).toBe(second);
  expect(errors).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
});

test('a file that is not there fails at once', () => {
  expect(() => serverOf('postgres://a:b@db/c?sslmode=verify-full&sslrootcert=/none.pem')).toThrow(/ENOENT/);
});
