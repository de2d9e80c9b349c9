import { Metadata } from '@grpc/grpc-js';
import type { Platform } from '@lienthong/http-api';
import { refuse } from '@lienthong/kit';

const PATH = '/grpc.health.v1.Health/Check';
const TIMEOUT_MS = 3_000;
/** HealthCheckResponse with the status SERVING, field 1. */
const SERVING = [0x08, 0x01];

/** Refuses when the platform does not serve: PLATFORM_UNAVAILABLE. */
export async function checkHealth(platform: Platform): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const reply = await platform
    .call(PATH, new Uint8Array(), { metadata: new Metadata(), timeoutMs: TIMEOUT_MS, signal })
    .catch(() => undefined);
  if (reply === undefined || Buffer.compare(reply, Buffer.from(SERVING)) !== 0)
    refuse({
      kind: 'unavailable',
      reason: 'PLATFORM_UNAVAILABLE',
      message: 'the platform does not serve now',
      retryAfterMs: 1_000,
    });
}
