import { describe, expect, test } from 'vitest';
import { baseSettings, readSettings } from '../src/index.ts';

const complete = {
  DATABASE_URL: 'postgres://u:p@db/lienthong',
  NATS_URL: 'nats://nats:4222',
  TOKEN_ISSUERS: '/etc/issuers.json',
};

describe('settings', () => {
  test('have defaults; unknown variables are left alone', () => {
    expect(readSettings(baseSettings, { ...complete, HOME: '/root' })).toEqual({
      ...complete,
      LISTEN: '127.0.0.1:50051',
      TOKEN_MAX_AGE_HOURS: 24,
      SUBJECT_ROOT: 'lt',
      DATABASE_CONNECTIONS: 8,
      LOG_LEVEL: 'info',
      NATS_TLS: 'by-url',
      TLS_AT_PROXY: false,
    });
  });

  test('that are missing, empty or wrong are all named at once, each with its doc line', () => {
    const env = { DATABASE_URL: '', LISTEN: 'here', DATABASE_CONNECTIONS: 'many', LOG_LEVEL: 'loud' };
    const read = () => readSettings(baseSettings, env);
    expect(read).toThrow(/^settings are missing or wrong:\n/);
    let message = '';
    try {
      read();
    } catch (error) {
      message = (error as Error).message;
    }
    const lines = message.split('\n').slice(1);
    expect(lines.map((line) => line.trim().split(':')[0])).toEqual([
      'DATABASE_URL',
      'NATS_URL',
      'LISTEN',
      'TOKEN_ISSUERS',
      'DATABASE_CONNECTIONS',
      'LOG_LEVEL',
    ]);
    expect(lines[0]).toBe(
      '  DATABASE_URL: is missing (PostgreSQL, for example postgres://user:password@host:5432/lienthong?sslmode=verify-full&sslrootcert=ca.pem)',
    );
    expect(lines[2]).toBe('  LISTEN: must be host:port (where the gRPC server listens, host:port)');
    for (const line of lines) expect(line).toMatch(/ \(.+\)$/);
  });

  test('that are empty fall back to their default', () => {
    expect(readSettings(baseSettings, { ...complete, LISTEN: '' }).LISTEN).toBe('127.0.0.1:50051');
  });

  test('every one has a doc line', () => {
    for (const [name, setting] of Object.entries(baseSettings.shape))
      expect(setting.description, name).toBeTruthy();
  });
});
