/** A server that must not outlive this process. */
export interface Dependant {
  stop(): Promise<void>;
  /** Asks for a stop without waiting: all that can be done while the process exits. */
  ask(): void;
}

const dependants = new Set<Dependant>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function onExit(): void {
  for (const dependant of dependants) dependant.ask();
}

/** The application's own handler, if any, decides when to stop; otherwise the signal's default is kept. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  void Promise.allSettled([...dependants].map((dependant) => dependant.stop())).then(() => {
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  });
}

export function attach(dependant: Dependant): void {
  if (dependants.size === 0) {
    process.on('exit', onExit);
    for (const signal of signals) process.on(signal, onSignal);
  }
  dependants.add(dependant);
}

export function detach(dependant: Dependant): void {
  if (!dependants.delete(dependant) || dependants.size > 0) return;
  process.off('exit', onExit);
  for (const signal of signals) process.off(signal, onSignal);
}
