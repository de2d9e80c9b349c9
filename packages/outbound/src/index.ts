export { type AddressRules, urlProblem } from './address.ts';
export { exponential, jittered } from './backoff.ts';
export {
  type Callback,
  type CallbackEndpoint,
  type CallbackReply,
  type CallbackServerOptions,
  callbackReply,
  callbackServer,
} from './callback-server.ts';
export {
  createHttpClient,
  type HttpBody,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  type HttpResult,
  oneLine,
} from './http-client.ts';
export { isPublic } from './public-address.ts';
export {
  countOutdated,
  createResealer,
  type ResealResult,
  resealTables,
  type SealedTable,
} from './reseal.ts';
export { dnsResolve, type Resolve } from './resolve.ts';
export { retryAfterMs } from './retry-after.ts';
export { addressRules, addressSettings, checkUrl, readAuthorities } from './settings.ts';
export {
  isWebhookSecret,
  newWebhookSecret,
  signWebhook,
  verifyWebhook,
  type WebhookHeaders,
} from './webhook-signature.ts';
