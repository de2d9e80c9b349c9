import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, '../src/main.ts');

test('the demo agrees with what it sent, on an empty folder and again on the same one', () => {
  const demoDir = mkdtempSync(join(tmpdir(), 'lienthong-demo-'));
  chmodSync(demoDir, 0o711);
  try {
    for (const round of ['empty', 'again']) {
      const json = join(demoDir, `${round}.json`);
      const run = spawnSync(process.execPath, [main, '--json', json], {
        env: { ...process.env, LIENTHONG_DATA: demoDir },
        encoding: 'utf8',
      });
      expect(run.stderr).toBe('');
      expect(run.stdout).toContain('every number agrees with what was sent');
      const result = JSON.parse(readFileSync(json, 'utf8'));
      expect(result).toMatchObject({
        ok: true,
        agencies: 401,
        documents: 123,
        deliveries: 385,
        succession: { ended: 389, successors: 127, rerouted: 314 },
        dossiers: {
          lodged: 43,
          finished: 37,
          onTime: 30,
          overdue: 7,
          refused: 4,
          withdrawn: 2,
          rerouted: 5,
        },
        feed: { resumed: 2 },
        webhook: { retried: 5 },
        mails: { citizens: 40 },
        lost: 0,
        duplicated: 0,
      });
      const { feed, webhook, mails, messages, files, payments } = result;
      expect(files.opened).toBeGreaterThan(200);
      expect(files.refused).toBeGreaterThan(400);
      expect(payments.byLink).toBeGreaterThan(0);
      expect(payments.repeated).toBe(payments.byLink);
      expect(feed.followed).toBeGreaterThan(200);
      expect(webhook.delivered).toBeGreaterThan(60);
      expect(mails.sent).toBeGreaterThan(60);
      expect(messages).toBeGreaterThan(30);
      expect(run.stdout).toContain('Xin lỗi và hẹn lại ngày trả kết quả');
      expect(run.stdout).toContain('Mọi bên liên quan đều được báo');
      expect(run.stdout).toContain('quá hạn, cần chỉ đạo giải quyết');
    }
  } finally {
    rmSync(demoDir, { recursive: true, force: true });
  }
}, 400_000);
