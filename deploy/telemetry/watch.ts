/**
 * Shows what no service knows of itself: the certificate of the gateway, the space on disks, and the last drill of a
 * restore. Everything is read when Prometheus collects; what cannot be read is absent.
 */
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import {
  baseSettings,
  createLog,
  observeGauges,
  openListenTls,
  readSettings,
  startTelemetry,
  tlsSettings,
} from '@lienthong/kit';
import { z } from 'zod';

const DAY_MS = 24 * 3600 * 1000;
const TIMEOUT_MS = 5_000;
/** What a drill writes, in Prometheus' text format. */
const DRILL_FILE = 'backup-drill.prom';

const settings = readSettings(
  z.object({
    ...tlsSettings.shape,
    METRICS_LISTEN: baseSettings.shape.METRICS_LISTEN.unwrap(),
    WATCH_GATEWAY: z
      .string()
      .regex(/^.+:\d+$/)
      .describe('the gateway, host:port'),
    WATCH_DISKS: z.string().describe('a folder: each folder in it is on a disk to be watched'),
    WATCH_TEXTFILES: z.string().describe(`a folder in which drills write ${DRILL_FILE}`),
  }),
  process.env,
);

const log = createLog('watch', 'info');
const telemetry = await startTelemetry({
  service: 'watch',
  metricsListen: settings.METRICS_LISTEN,
  tls: await openListenTls(settings, log),
});
log.info({ address: telemetry.metricsAddress }, 'serving');

observeGauges(
  'lienthong.gateway',
  {
    'lienthong.gateway.certificate.valid': {
      unit: 'd',
      description: 'Days until the certificate that the gateway shows expires',
    },
  },
  async (report) => {
    const expiresAt = await certificateExpiry(settings.WATCH_GATEWAY);
    report('lienthong.gateway.certificate.valid', (expiresAt - Date.now()) / DAY_MS);
  },
);

observeGauges(
  'lienthong.disk',
  {
    'lienthong.disk.free': { unit: 'By', description: 'Space that programs can still use' },
    'lienthong.disk.size': { unit: 'By', description: 'Size of the file system' },
  },
  async (report) => {
    for (const { disk, folder } of await disksOf(settings.WATCH_DISKS)) {
      const { bavail, blocks, bsize } = await statfs(folder);
      report('lienthong.disk.free', bavail * bsize, { disk });
      report('lienthong.disk.size', blocks * bsize, { disk });
    }
  },
);

observeGauges(
  'lienthong.backup',
  {
    'lienthong.backup.drill.success_timestamp_seconds': {
      unit: 's',
      description: 'When the last drill succeeded that restored a backup, in seconds since 1970',
    },
    'lienthong.backup.drill.lost_seconds': {
      unit: 's',
      description: 'How much would have been lost at the last drill',
    },
  },
  async (report) => {
    const text = await readFile(join(settings.WATCH_TEXTFILES, DRILL_FILE), 'utf8');
    for (const name of ['success_timestamp_seconds', 'lost_seconds'] as const) {
      const [, value] = new RegExp(`^lienthong_backup_drill_${name} (\\S+)$`, 'm').exec(text) ?? [];
      if (value !== undefined) report(`lienthong.backup.drill.${name}`, Number(value));
    }
  },
);

/** Each disk once, named by the folders that are on it, and one of these folders. */
async function disksOf(home: string): Promise<{ disk: string; folder: string }[]> {
  const names = (await readdir(home)).sort();
  const devices = await Promise.all(names.map(async (name) => (await stat(join(home, name))).dev));
  const onDisk = Map.groupBy(names.keys(), (i) => devices[i]);
  return [...onDisk.values()].map((ofDisk) => ({
    disk: ofDisk.map((i) => names[i]).join(' '),
    folder: join(home, names[ofDisk[0] as number] as string),
  }));
}

/** When the certificate expires that a TLS server shows, in milliseconds since 1970. */
function certificateExpiry(address: string): Promise<number> {
  const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    // Any authority will do: only the date is read, and nothing is sent.
    const socket = connect({ host, port: Number(port), ALPNProtocols: ['h2'], rejectUnauthorized: false });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`${address} shows no certificate`)));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(Date.parse(socket.getPeerCertificate().valid_to));
      socket.destroy();
    });
  });
}

// The endpoint of metrics alone keeps no process alive.
const alive = setInterval(() => {}, DAY_MS);
const stop = async () => {
  clearInterval(alive);
  await telemetry.stop();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
