import type { CompiledCrate } from '../engines/cargo/compile-crate';
import type { TaskContext } from './task-context';
import { verifyInputs } from './verify-inputs';

/** Collects what speaks against keeping the result of a task while its crate is verified. */
export interface Verification {
  unkept: string[];
  /** Throws when the key of the crate does not hold what it was compiled from, and that must not pass. */
  verify(crate: CompiledCrate): Promise<void>;
}

export function verification({ workspaceRoot, model, crate, options, env }: TaskContext): Verification {
  const unkept: string[] = [];
  return {
    unkept,
    verify: async ({ output }) => {
      const found = await verifyInputs({ workspaceRoot, model, crate, options, output, env });
      if (found.failure) throw found.failure;
      unkept.push(...found.unkept);
    },
  };
}
