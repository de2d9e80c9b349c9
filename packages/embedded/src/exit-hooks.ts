/** A server that must stop before a signal ends this process. */
export interface Dependant {
  stop(): Promise<void>;
}

const dependants = new Set<Dependant>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The application's own handler, if any, decides when to stop; otherwise the signal's default is kept. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  void Promise.allSettled([...dependants].map((dependant) => dependant.stop())).then(() => {
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  });
}

export function attach(dependant: Dependant): void {
  if (dependants.size === 0) for (const signal of signals) process.on(signal, onSignal);
  dependants.add(dependant);
}

export function detach(dependant: Dependant): void {
  if (!dependants.delete(dependant) || dependants.size > 0) return;
  for (const signal of signals) process.off(signal, onSignal);
}
