const CHECK_MS = 500;

/**
 * Below `npm run`: sends SIGTERM to this process once its parent is gone. npm passes SIGINT and SIGTERM on, but ends
 * at once on SIGHUP and SIGKILL. The scripts of package.json use `exec`, so that npm itself is the parent, without a shell between.
 */
export function endWithParent(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, CHECK_MS);
  timer.unref();
}
