import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';
import type { ServerTls } from './tls/server-tls.ts';

/**
 * Whether the server on the port greets and its JetStream replies: the greeting alone shows only that the port is
 * open. Uses the plain wire protocol, after the greeting over TLS, so that no client is needed.
 */
export function jetStreamAnswers(
  port: number,
  user: string,
  password: string,
  tls: ServerTls | undefined,
): Promise<boolean> {
  const login = JSON.stringify({ verbose: false, user, pass: password });
  const request = `CONNECT ${login}\r\nSUB ready 1\r\nPUB $JS.API.INFO ready 0\r\n\r\n`;
  return new Promise((resolve) => {
    const line = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const settle = (answer: boolean) => {
      line.destroy();
      resolve(answer);
    };
    const watch = (socket: Socket) => {
      for (const ending of ['timeout', 'error', 'close']) socket.on(ending, () => settle(false));
    };
    const ask = (socket: Socket) => {
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        if (received.includes('MSG ready 1') && received.includes('"type"'))
          settle(!received.includes('"error"'));
      });
      socket.write(request);
    };
    let greeting = '';
    const onGreeting = (chunk: Buffer) => {
      greeting += chunk.toString('latin1');
      if (!greeting.startsWith('INFO ') || !greeting.includes('\r\n')) return;
      line.off('data', onGreeting);
      if (!tls) return ask(line);
      const socket = secure({ socket: line, ca: readFileSync(tls.caFile) }, () => ask(socket));
      watch(socket);
    };
    watch(line);
    line.on('data', onGreeting);
  });
}
