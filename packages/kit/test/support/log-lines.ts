// Writes log lines as a service does, for a test that reads this process's stderr.
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { createLog } from '../../src/index.ts';

const log = createLog('kit-test', 'info');
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

log.info('outside');
context.with(trace.setSpanContext(ROOT_CONTEXT, span), () => log.info('inside'));
log.debug('below the log level');
const error = Object.assign(new Error('duplicate key'), {
  code: '23505',
  detail: 'Key (full_name)=(Nguyễn Văn A)',
});
log.error({ err: error }, 'refused');
log.warn({ err: new Error('outer', { cause: error }) }, 'wrapped');
log.info('last words');
process.kill(process.pid, 'SIGKILL');
