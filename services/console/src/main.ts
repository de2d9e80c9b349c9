import { readFileSync } from 'node:fs';
import { createLog, openListenTls, startTelemetry } from '@lienthong/kit';
import { readConsoleSettings } from './config.ts';
import { startConsole } from './console.ts';

const settings = readConsoleSettings();
const log = createLog('console', settings.LOG_LEVEL);
const tls = await openListenTls(settings, log);
const telemetry = await startTelemetry({
  service: 'console',
  otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
  metricsListen: settings.METRICS_LISTEN,
  tls,
});
const { PLATFORM_CA } = settings;
const running = await startConsole({
  listen: settings.CONSOLE_LISTEN,
  tls,
  url: settings.CONSOLE_URL,
  platform: {
    address: settings.PLATFORM_ADDRESS,
    tls: settings.PLATFORM_TLS ? { ...(PLATFORM_CA && { ca: readFileSync(PLATFORM_CA) }) } : undefined,
  },
  provider: {
    issuer: settings.OIDC_ISSUER,
    clientId: settings.OIDC_CLIENT_ID,
    clientSecret: settings.OIDC_CLIENT_SECRET,
    scope: settings.OIDC_SCOPE,
  },
  sealer: settings.SESSION_KEYS,
  connections: settings,
  log,
});

telemetry.setServing(true);
console.log(`Console ${running.url}`);

async function stop(signal: string): Promise<void> {
  log.info({ signal }, 'stopping');
  telemetry.setServing(false);
  await running.stop();
  await telemetry.stop();
  tls.certificate?.close();
}
process.once('SIGTERM', (signal) => void stop(signal));
process.once('SIGINT', (signal) => void stop(signal));
