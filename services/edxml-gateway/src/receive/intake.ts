import type { Answer } from '../answer.ts';
import type { SystemDeps } from '../system.ts';
import { createTurns } from '../turns.ts';
import { documentsOf, openPackage, receivePackage } from './receive.ts';

/** Takes the packages of one system, whichever way they come. */
export interface Intake {
  /**
   * Packages that name the same document are taken in the order of the calls.
   * @throws an error that is not about the package: the platform is away, for example; try again later
   */
  take(bytes: Buffer): Promise<Answer>;
}

export function createIntake(deps: SystemDeps): Intake {
  const turns = createTurns();
  return {
    async take(bytes) {
      const opened = openPackage(bytes);
      return turns.take(documentsOf(opened), () => receivePackage(opened, deps));
    },
  };
}
