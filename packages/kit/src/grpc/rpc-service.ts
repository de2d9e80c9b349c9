import { fileDescriptorSet } from '@lienthong/contracts/descriptors';
import type { ServiceDefinition } from 'nice-grpc';
import type { CallerDirectory } from '../auth/caller-directory.ts';
import type { Clock } from '../clock.ts';
import type { Call } from './context.ts';
import { createEdge, type EdgeOptions } from './edge.ts';
import type { Method } from './method.ts';
import type { CatchUp } from './read-your-writes.ts';
import { createReadRecorder, type ReadLog, type ReadRecorder } from './reads.ts';
import { registryOf, wireChecks } from './wire-check.ts';

/** A gRPC service of the contract with its methods and what their handlers work with. */
export interface RpcService {
  definition: { fullName: string };
  /** Called once, when the server starts. */
  bind(options: BindOptions): BoundService;
}

export interface BindOptions extends EdgeOptions {
  directory: CallerDirectory;
}

/** What the server must know of a method before it lets a call through. */
export interface BoundMethod extends Pick<Method, 'policy' | 'changes'> {
  /** Undefined for a method that declares no `reads`. */
  recorder: ReadRecorder | undefined;
}

/** A service as the server takes it: bytes in, bytes out. */
export interface BoundService {
  fullName: string;
  definition: ServiceDefinition;
  implementation: Record<string, (request: never, call: Call) => unknown>;
  /** By path. */
  methods: ReadonlyMap<string, BoundMethod>;
  /** The paths of the endless methods. */
  endless: readonly string[];
  directory: CallerDirectory;
  clock: Clock;
  catchUp: CatchUp | undefined;
}

interface GeneratedService {
  fullName: string;
  methods: Readonly<Record<string, { name: string; requestStream: boolean; responseStream: boolean }>>;
}

type NameOf<S extends GeneratedService> = S['methods'][keyof S['methods']]['name'];
type MissingMethods<S extends GeneratedService, M extends readonly Method[]> = Exclude<
  NameOf<S>,
  M[number]['definition']['name']
>;

/**
 * The methods of a service. A missing method is a type error that names it.
 * @throws at start when a method is missing, listed twice, or belongs to another service
 */
export function rpcService<
  S extends GeneratedService,
  D,
  const M extends readonly Method<NameOf<S>, NoInfer<D>>[],
>(
  definition: S,
  deps: D,
  methods: [MissingMethods<S, M>] extends [never] ? M : readonly [`${MissingMethods<S, M>} is missing`],
): RpcService {
  const listed = methods as readonly Method<string, D>[];
  requireEachOnce(definition, listed);
  return { definition, bind: (options) => bind(definition, deps, listed, options) };
}

function requireEachOnce({ fullName, methods }: GeneratedService, listed: readonly Method[]): void {
  const names = listed.map(({ definition }) => definition.name);
  const known = Object.values(methods);
  const problems = [
    ...known.filter(({ name }) => !names.includes(name)).map(({ name }) => `${name} is missing`),
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${name} is listed twice`),
    // Compares definitions, not names: two services may have methods of the same name.
    ...listed
      .filter(({ definition }) => !known.includes(definition))
      .map(({ definition }) => `${definition.name} is not a method of this service`),
  ];
  if (problems.length > 0) throw new Error(`${fullName}: ${problems.join(', ')}`);
}

const registry = registryOf(fileDescriptorSet());
const checkOf = wireChecks();
const same = (bytes: Uint8Array) => bytes;
/** A Buffer over the same bytes, without a copy. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

function bind<D>(
  { fullName }: GeneratedService,
  deps: D,
  methods: readonly Method<string, D>[],
  options: BindOptions,
): BoundService {
  const described = registry.getService(fullName);
  const inputs = new Map(described?.methods.map(({ name, input }) => [name, input]));
  const bound = methods.map((method) => {
    const { name, requestStream, responseStream } = method.definition;
    const input = inputs.get(name);
    const fullMethod = `${fullName}/${name}`;
    if (input === undefined) throw new Error(`${fullMethod} is not among the descriptors`);
    const recorder = recorderOf(method, fullMethod, options.readLog);
    return {
      name,
      method: { policy: method.policy, changes: method.changes, recorder },
      endless: method.endless,
      handler: method.serve(
        deps,
        createEdge(options, { check: checkOf(input), size: method.size, recorder }),
      ),
      definition: {
        path: `/${fullMethod}`,
        requestStream,
        responseStream,
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: asBuffer,
        responseDeserialize: same,
        options: {},
      },
    };
  });
  return {
    fullName,
    definition: Object.fromEntries(bound.map(({ name, definition }) => [name, definition])),
    implementation: Object.fromEntries(bound.map(({ name, handler }) => [name, handler])),
    methods: new Map(bound.map(({ definition, method }) => [definition.path, method])),
    endless: bound.filter(({ endless }) => endless).map(({ definition }) => definition.path),
    directory: options.directory,
    clock: options.clock,
    catchUp: options.catchUp,
  };
}

/** @throws when the method declares `reads` and its service has no log for them */
function recorderOf(
  { reads }: Pick<Method, 'reads'>,
  fullMethod: string,
  log: ReadLog | undefined,
): ReadRecorder | undefined {
  if (reads === undefined) return undefined;
  if (log === undefined) throw new Error(`${fullMethod} declares reads, but its service composes no readLog`);
  return createReadRecorder(log, fullMethod, reads);
}
