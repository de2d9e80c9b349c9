import type { ServiceImplementation } from 'nice-grpc';
import { ServerReflection, ServerReflectionService } from 'nice-grpc-server-reflection';
import { toLenientDecoder } from './decoding.ts';

type Definition = typeof ServerReflectionService;
type Method = Definition['serverReflectionInfo'];

/** The services that reflection lists besides the platform's own: those of the gRPC project itself. */
const STANDARD = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

/** v1alpha has the messages of v1 under another name; older tools speak only that. */
const { serverReflectionInfo } = ServerReflectionService;
const method: Method = {
  ...serverReflectionInfo,
  requestDeserialize: toLenientDecoder(serverReflectionInfo.requestDeserialize),
};
const v1: Definition = { serverReflectionInfo: method };
const v1alpha = {
  serverReflectionInfo: { ...method, path: method.path.replace('.v1.', '.v1alpha.') },
} as Definition;

/**
 * Server reflection of the services named and of the standard ones, in both versions.
 * @param descriptors a FileDescriptorSet that describes them
 */
export function reflection(descriptors: Uint8Array, services: readonly string[]) {
  const implementation: ServiceImplementation<Definition> = ServerReflection(descriptors, [
    ...services,
    ...STANDARD,
  ]);
  return { definitions: [v1, v1alpha], implementation };
}
