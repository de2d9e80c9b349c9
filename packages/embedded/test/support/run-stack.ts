// A process of its own that starts a stack, says so in one line of JSON, and waits to be ended.
import { startStack } from '../../src/index.ts';

const [dataDir = '', ending] = process.argv.slice(2);
const stack = await startStack({ dataDir });
console.log(
  JSON.stringify({
    databaseUrl: stack.databaseUrl,
    natsUrl: stack.natsUrl,
    postgres: stack.postgres?.pid(),
    nats: stack.nats?.pid(),
  }),
);
if (ending === 'exit') process.exit(0);
if (ending === 'stop') await stack.stop();
else setInterval(() => {}, 60_000);
