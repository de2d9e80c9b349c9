import { Agent, request } from 'node:http';

/** POSTs JSON over connections that stay open. A reply other than 200 is an error. */
export function openHttpCaller(address: string, connections: number) {
  const [host, port] = address.split(':');
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    post: (path: string, body: string, headers: Record<string, string>): Promise<void> =>
      new Promise((resolve, reject) => {
        const length = Buffer.byteLength(body);
        const sent = { 'content-type': 'application/json', 'content-length': length, ...headers };
        const call = request({ host, port, path, method: 'POST', agent, headers: sent }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            const text = Buffer.concat(chunks).toString();
            if (response.statusCode === 200) resolve();
            else reject(new Error(`${path}: ${response.statusCode} ${text}`));
          });
        });
        call.once('error', reject);
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}
