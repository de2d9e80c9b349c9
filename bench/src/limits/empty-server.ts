import { createServer } from 'nice-grpc';
import { HealthDefinition, HealthServiceImpl, HealthState } from 'nice-grpc-server-health';

/** A gRPC server that does nothing else; prints its port. Run as a process of its own, as the services are. */
const state = HealthState();
state.setStatus('healthy');
const server = createServer();
server.add(HealthDefinition, HealthServiceImpl(state));
process.once('SIGTERM', () => void server.shutdown());
console.log(await server.listen('127.0.0.1:0'));
