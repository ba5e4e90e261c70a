import type { ExecutorContext } from '@nx/devkit';
import { readLearnedInputs } from '../cargo/learned-inputs';
import { DeclaredScan } from '../cargo/scan/declared-inputs';
import { ScanCache } from '../cargo/scan/scan-cache';
import type { CompileInputs } from '../engines/cargo/distrust-fresh';
import { currentRun, type RunIdentity } from '../engines/run/run-identity';
import { loadPlatformOptions } from '../service-model/load-platform-options';
import { loadServiceModel } from '../service-model/load-service-model';
import type { PlatformOptions } from '../service-model/platform-options';
import type { RustCrate, ServiceModel } from '../service-model/service-model';
import { projectNamesOf, type ProjectNames } from './service-stack/project-names';
import { compileInputs } from './verify-inputs/compile-inputs';

/** What all tasks of a process have in common; read when the first one asks. */
export interface RunFacts {
  run(): Promise<RunIdentity>;
  options(): Promise<PlatformOptions>;
  model(): Promise<ServiceModel>;
  projectNames(): ProjectNames;
  /** What the sources of each crate say that compiling them reads. */
  scan(): Promise<DeclaredScan>;
  /** What the crates of this process are compiled from besides, as far as it can be read. */
  inputs(crate: RustCrate, env: NodeJS.ProcessEnv): Promise<CompileInputs | undefined>;
}

/** `projects`: Nx names of those that have a task in this process. */
export function runFacts(
  context: ExecutorContext,
  projects: readonly string[],
  signal: AbortSignal,
): RunFacts {
  const { root } = context;
  const options = once(() => loadPlatformOptions(root));
  const model = once(async () => loadServiceModel({ workspaceRoot: root, options: await options(), signal }));
  const inputs = new Map<string, Promise<CompileInputs | undefined>>();
  return {
    run: once(() => currentRun(root)),
    options,
    model,
    projectNames: once(() => projectNamesOf(context)),
    scan: once(async () => scanOf(root, await model())),
    inputs: (crate, env) => {
      const key = JSON.stringify([crate.cargoRoot, env === process.env ? undefined : env]);
      const read = async (): Promise<CompileInputs> => {
        const crates = cratesBeside(crate, projects, context, await model());
        return compileInputs({ workspaceRoot: root, model: await model(), crates, env });
      };
      const asked = inputs.get(key) ?? read().catch(() => undefined);
      inputs.set(key, asked);
      return asked;
    },
  };
}

/** Those of the same Cargo workspace that have a task in this process. */
function cratesBeside(
  crate: RustCrate,
  projects: readonly string[],
  { projectsConfigurations }: ExecutorContext,
  { crates }: ServiceModel,
): RustCrate[] {
  const roots = new Set(projects.map((project) => projectsConfigurations?.projects[project]?.root));
  return crates.filter(
    (each) => each === crate || (each.cargoRoot === crate.cargoRoot && roots.has(each.root)),
  );
}

function scanOf(workspaceRoot: string, { crates }: ServiceModel): DeclaredScan {
  const cache = ScanCache.open(workspaceRoot, process.env);
  const learned = readLearnedInputs(workspaceRoot);
  return new DeclaredScan({ workspaceRoot, crates, env: process.env, cache, learned });
}

function once<T>(read: () => T): () => T {
  let known: { value: T } | undefined;
  return () => (known ??= { value: read() }).value;
}
