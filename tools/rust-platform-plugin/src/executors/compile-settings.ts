import { isToolVariable } from '../cargo/scan/tool-variables';
import type { DeclaredInputs, DeclaredScan } from '../cargo/scan/declared-inputs';
import type { RustCrate, ServiceModel } from '../service-model/service-model';
import { crateClosure } from './verify-inputs/crate-closure';
import type { CompilingFacts } from './task-context';

/**
 * What decides whether crates of a batch may share a cargo although their `.env` files differ: the variables that
 * compiling this one can notice, by the same scan that its cache key is made of. `differing`: names that are not the same
 * for all tasks of the batch; `env`: of this task.
 */
export function compileSettings(
  { crate, model, scan }: { crate: RustCrate; model: ServiceModel; scan: DeclaredScan },
  { env, differing }: { env: NodeJS.ProcessEnv; differing: readonly string[] },
): Omit<CompilingFacts, 'inputs'> {
  const declared = crateClosure(crate, model, true).map((each) => scan.of(each));
  const isNoticed = (name: string): boolean =>
    isToolVariable(name) || declared.some((inputs) => notices(inputs, name));
  return {
    compileEnv: Object.fromEntries(differing.filter(isNoticed).map((name) => [name, env[name]])),
    checksQueries: declared.some(({ queries }) => queries),
  };
}

/** A crate whose inputs are not settled may notice anything. */
function notices({ compileEnv, testEnv, queries, open }: DeclaredInputs, name: string): boolean {
  if (open.length > 0 || compileEnv.includes(name) || testEnv.includes(name)) return true;
  return queries && name === 'DATABASE_URL';
}
