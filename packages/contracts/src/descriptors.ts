import { readFileSync } from 'node:fs';

/** The protobuf FileDescriptorSet of all contracts, for gRPC server reflection. */
export function fileDescriptorSet(): Uint8Array {
  return readFileSync(new URL('./gen/descriptors.binpb', import.meta.url));
}
