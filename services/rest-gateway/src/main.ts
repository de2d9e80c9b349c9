import { readFileSync } from 'node:fs';
import { createLog, openListenTls, startTelemetry } from '@lienthong/kit';
import { readRestSettings } from './config.ts';
import { startRestGateway } from './gateway.ts';

const settings = readRestSettings();
const log = createLog('rest-gateway', settings.LOG_LEVEL);
const tls = await openListenTls(settings, log);
const telemetry = await startTelemetry({
  service: 'rest-gateway',
  otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
  metricsListen: settings.METRICS_LISTEN,
  tls,
});
const { PLATFORM_CA } = settings;
const gateway = await startRestGateway({
  listen: settings.REST_LISTEN,
  tls,
  platform: {
    address: settings.PLATFORM_ADDRESS,
    tls: settings.PLATFORM_TLS ? { ...(PLATFORM_CA && { ca: readFileSync(PLATFORM_CA) }) } : undefined,
  },
  corsOrigins: settings.REST_CORS_ORIGINS,
  connections: settings,
  log,
});

telemetry.setServing(true);
console.log(`REST ${gateway.address}`);

async function stop(signal: string): Promise<void> {
  log.info({ signal }, 'stopping');
  telemetry.setServing(false);
  await gateway.stop();
  await telemetry.stop();
  tls.certificate?.close();
}
process.once('SIGTERM', (signal) => void stop(signal));
process.once('SIGINT', (signal) => void stop(signal));
