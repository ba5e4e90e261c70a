import type { ExecutorContext } from '@nx/devkit';

/** Of Nx. */
const DEFAULT = 3;

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** How many tasks Nx would run at a time; the option --parallel reaches a batch by a variable of our hook. */
export function parallelTasks({ nxJsonConfiguration }: ExecutorContext, env: NodeJS.ProcessEnv): number {
  const given = [env['RUST_PLATFORM_PARALLEL'], env['NX_PARALLEL'], nxJsonConfiguration?.parallel];
  return given.map(Number).find((amount) => Number.isInteger(amount) && amount > 0) ?? DEFAULT;
}

/** Lets that many works run at once; the others wait in order. */
export function turns(amount: number): InTurn {
  let free = amount;
  const waiting: Array<() => void> = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
