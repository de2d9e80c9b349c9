/**
 * Exits with 0 when the process of this container serves, by GET /health beside its metrics.
 *
 * It runs again and again, so it loads little: a module of TypeScript takes four times the processor time.
 */
const { env } = require('node:process');

const TIMEOUT_MS = 15_000;
const secure = env.TLS_CERT_FILE !== undefined && env.TLS_CERT_FILE !== '';
const { get } = secure ? require('node:https') : require('node:http');
// The certificate is not checked: it is for other names, and the connection stays in the container.
const options = { rejectUnauthorized: false, timeout: TIMEOUT_MS };
const request = get(`http${secure ? 's' : ''}://${env.METRICS_LISTEN}/health`, options, (response) => {
  response.resume();
  if (response.statusCode !== 200) fail(`not serving: HTTP status ${response.statusCode}`);
});
request.once('timeout', () => request.destroy(new Error(`no reply within ${TIMEOUT_MS} ms`)));
request.once('error', ({ message }) => fail(message));

/** @param {string} why */
function fail(why) {
  console.error(why);
  process.exitCode = 1;
}
