#!/usr/bin/env node
const [command, ...rest] = process.argv.slice(2);
// A reader that closes the pipe, such as `head`, wants no more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
// Without what the other commands need: it is for readers who do not trust the platform.
process.exitCode =
  command === 'verify'
    ? await (await import('@lienthong/verify/command')).verifyCommand(rest)
    : await (await import('./run.ts')).run(process.argv.slice(2));
