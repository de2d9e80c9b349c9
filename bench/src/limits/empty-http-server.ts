import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server that does nothing else; prints its port. Run as a process of its own, as the gateway is. */
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 });
    response.end('{}');
  });
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
