import type { CallContext, ServerMiddlewareCall } from 'nice-grpc';
import { NOBODY } from '../auth/caller.ts';
import type { TokenVerifier } from '../auth/token.ts';
import { RefusalError, refuse } from '../errors.ts';
import type { AddressOfCall } from '../limits/address.ts';
import type { Admission, Origin } from '../limits/admission.ts';
import type { Logger } from '../log.ts';
import type { ClientCertificates, ShownCertificate } from '../tls/client-certificates.ts';
import { dueWorker } from '../work/due-worker.ts';
import type { BoundService } from './rpc-service.ts';
import { type Evidence, type Gate, gateOf, standAgain } from './standing.ts';
import { takeUntil, throwFrom } from './streams.ts';

/** Health and reflection. */
const OPEN = /^\/grpc\.(health|reflection)\./;
/** How often the directories are read again, and the right of each running stream is checked. */
const CHECK_MS = 1_000;

export interface AuthOptions {
  verifyToken: TokenVerifier;
  admission: Admission;
  addressOf: AddressOfCall;
  log: Logger;
}

/** What a caller sends: a token, and what their connection has shown. */
interface Credentials {
  token: string | undefined;
  certificate: ShownCertificate | undefined;
}

const isStranger = ({ token, certificate }: Credentials): boolean =>
  token === undefined && certificate === undefined;

/**
 * The middleware that lets a call through whose caller may make it, and ends a stream whose right ends; `watch` keeps the
 * directories in memory up to date.
 */
export function createAuth(
  services: readonly BoundService[],
  { verifyToken, admission, addressOf, log }: AuthOptions,
  certificates: () => ClientCertificates | undefined,
  certificateOf: (context: CallContext) => ShownCertificate | undefined,
) {
  const gates = new Map(
    services.flatMap((service) =>
      [...service.methods].map(([path, method]) => [path, gateOf(service, method)] as const),
    ),
  );
  const directories = new Set(services.map(({ directory }) => directory));
  const streams = new Set<() => Promise<void>>();
  const watch = dueWorker({
    name: 'rights of callers',
    log,
    everyMs: CHECK_MS,
    async *work() {
      const refreshed = Promise.all([...directories].map((directory) => directory.refresh()));
      // Also while the database is away: tokens expire then too.
      await refreshed.finally(async () => {
        await Promise.all([...streams].map((check) => check()));
        certificates()?.end(isRefused);
      });
      yield 0;
    },
  });

  /** By any of the directories: each learns of a change by itself. */
  const isRefused = ({ fingerprint }: ShownCertificate) =>
    services.some(({ directory, clock }) => !directory.certified(fingerprint, clock.now()).ok);

  const evidenceOf = async ({ token, certificate }: Credentials): Promise<Evidence> => ({
    claims: token === undefined ? undefined : await verifyToken(token),
    certificate,
  });

  /** Ends the stream that runs under the returned signal when its caller could not open it any more. */
  function watchRight(gate: Gate, credentials: Credentials) {
    const right = new AbortController();
    const check = async () => {
      try {
        const { refusal } = gate.stand(await evidenceOf(credentials));
        if (refusal) refuse(refusal);
      } catch (error) {
        if (error instanceof RefusalError) right.abort(error);
        else throw error;
      }
    };
    streams.add(check);
    return { signal: right.signal, leave: () => void streams.delete(check) };
  }

  /** Who makes the call, once they may make it; their name is in the context of a refused call too, for its log line. */
  async function admit(gate: Gate, credentials: Credentials, context: CallContext & { address: string }) {
    const { address } = context;
    const evidence = await evidenceOf(credentials).catch((cause) => {
      // A wrong token is counted by its address, or it would cost nothing to try many.
      admission.arrive({ caller: NOBODY, address });
      throw cause;
    });
    let standing = gate.stand(evidence);
    Object.assign(context, { caller: standing.caller });
    const origin = { caller: standing.counted, address };
    admission.arrive(origin);
    if (standing.refusal && !isStranger(credentials)) {
      const leave = admission.enter(origin, 1);
      standing = await standAgain(gate, evidence, standing, context).finally(leave);
    }
    const admitted = Object.assign(context, { caller: standing.caller, expiresAt: standing.expiresAt });
    if (standing.refusal === undefined) return admitted;
    const error = new RefusalError(standing.refusal);
    await gate.recordDenial(standing, error);
    throw error;
  }

  return {
    watch,
    async *middleware<Request, Response>(
      call: ServerMiddlewareCall<Request, Response, Origin>,
      context: CallContext,
    ) {
      const { path, responseStream } = call.method;
      const placed = Object.assign(context, { address: addressOf(context) });
      if (OPEN.test(path)) {
        const stranger = Object.assign(placed, { caller: NOBODY });
        admission.arrive(stranger);
        const close = responseStream ? admission.openStream(stranger) : undefined;
        try {
          return yield* call.next(call.request, stranger);
        } finally {
          close?.();
        }
      }
      const gate = gates.get(path);
      if (gate === undefined) throw new Error(`no policy for ${path}`);
      const token = /^Bearer (.+)$/i.exec(context.metadata.get('authorization') ?? '')?.[1];
      const credentials = { token, certificate: certificateOf(context) };
      const admitted = await admit(gate, credentials, placed);
      if (isStranger(credentials) || !(call.requestStream || responseStream))
        return yield* call.next(call.request as never, admitted);
      const right = watchRight(gate, credentials);
      const watched = { ...admitted, signal: AbortSignal.any([context.signal, right.signal]) };
      try {
        const request = call.requestStream ? takeUntil(right.signal, call.request) : call.request;
        const steps = call.next(request as never, watched);
        return yield* throwFrom(right.signal, steps as AsyncGenerator<Response, Response | undefined>);
      } finally {
        right.leave();
      }
    },
  };
}
