import { connect } from 'node:net';

/**
 * Whether the server on the port greets and its JetStream replies: the greeting alone shows only that the port is
 * open. Uses the plain wire protocol, so that no client is needed.
 */
export function jetStreamAnswers(port: number, user: string, password: string): Promise<boolean> {
  const login = JSON.stringify({ verbose: false, user, pass: password });
  const request = `CONNECT ${login}\r\nSUB ready 1\r\nPUB $JS.API.INFO ready 0\r\n\r\n`;
  return new Promise((resolve) => {
    let received = '';
    let requested = false;
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('timeout', () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!requested && received.startsWith('INFO ') && received.includes('\r\n')) {
        requested = true;
        socket.write(request);
      }
      if (received.includes('MSG ready 1') && received.includes('"type"'))
        settle(!received.includes('"error"'));
    });
  });
}
