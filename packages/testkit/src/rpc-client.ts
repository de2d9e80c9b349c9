import {
  type Client,
  type CompatServiceDefinition,
  createChannel,
  createClient,
  type DefaultCallOptions,
  Metadata,
  type NormalizedServiceDefinition,
} from 'nice-grpc';

export type RpcClient<S extends CompatServiceDefinition> = Client<S> & { close(): void };

/** A client of one RPC service that shows errors as gRPC carries them, and retries nothing. */
export function rpcClient<S extends CompatServiceDefinition>(
  address: string,
  definition: S,
  token: string,
): RpcClient<S> {
  const channel = createChannel(address);
  const options = { '*': { metadata: Metadata({ authorization: `Bearer ${token}` }) } };
  const client = createClient(
    definition,
    channel,
    options as DefaultCallOptions<NormalizedServiceDefinition<S>>,
  );
  return Object.assign(client, { close: () => channel.close() });
}
