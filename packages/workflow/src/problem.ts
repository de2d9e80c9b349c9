import { type Problem, Severity } from '@lienthong/contracts/registry';

/** Collects the problems of a definition, each once. */
export class Problems {
  readonly all: Problem[] = [];
  readonly #seen = new Set<string>();

  error(reason: string, place: string, message: string, blockKey = ''): void {
    this.#add({ severity: Severity.ERROR, reason, place, blockKey, message, line: 0 });
  }

  warning(reason: string, place: string, message: string, blockKey = ''): void {
    this.#add({ severity: Severity.WARNING, reason, place, blockKey, message, line: 0 });
  }

  #add(problem: Problem): void {
    const id = JSON.stringify([problem.reason, problem.place, problem.message]);
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    this.all.push(problem);
  }
}

export const isError = ({ severity }: Problem): boolean => severity === Severity.ERROR;
