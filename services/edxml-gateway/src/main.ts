import { readFileSync } from 'node:fs';
import { createLog, openListenTls, startTelemetry } from '@lienthong/kit';
import { readEdxmlSettings, readSystems } from './config.ts';
import { startEdxmlGateway } from './gateway.ts';

const settings = readEdxmlSettings();
const log = createLog('edxml-gateway', settings.LOG_LEVEL);
const systems = readSystems(settings.EDXML_SYSTEMS);
const tls = await openListenTls(settings, log);
const telemetry = await startTelemetry({
  service: 'edxml-gateway',
  otlpEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
  metricsListen: settings.METRICS_LISTEN,
  tls,
});
const { PLATFORM_CA } = settings;
const gateway = await startEdxmlGateway({
  systems,
  platform: {
    address: settings.PLATFORM_ADDRESS,
    tls: settings.PLATFORM_TLS ? { ...(PLATFORM_CA && { ca: readFileSync(PLATFORM_CA) }) } : undefined,
  },
  checkMs: settings.EDXML_CHECK_MS,
  push: settings.EDXML_PUSH_LISTEN === undefined ? undefined : { listen: settings.EDXML_PUSH_LISTEN, tls },
  log,
});

telemetry.setServing(true);
console.log(`edXML ${systems.map(({ name }) => name).join(', ')}`);

async function stop(signal: string): Promise<void> {
  log.info({ signal }, 'stopping');
  telemetry.setServing(false);
  await gateway.stop();
  await telemetry.stop();
  tls.certificate?.close();
}
process.once('SIGTERM', (signal) => void stop(signal));
process.once('SIGINT', (signal) => void stop(signal));
