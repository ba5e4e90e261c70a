import type { TargetConfiguration } from '@nx/devkit';
import type { PlatformOptions } from '../service-model/platform-options';
import type { RustCrate } from '../service-model/service-model';
import type { CrateGraph } from './crate-graph';
import { crateInputs, type CrateInputs } from './crate-inputs';

/** What every family of targets is made from. */
export interface TargetParts {
  crate: RustCrate;
  graph: CrateGraph;
  options: PlatformOptions;
  inputs: CrateInputs;
}

export type Targets = Record<string, TargetConfiguration>;

export interface Help {
  description: string;
  /** What it uses besides Rust, which the project names. */
  technologies?: string[];
  /** An example of its options, or of arguments. */
  example?: { options?: Record<string, unknown>; args?: string[] };
}

export function targetParts(crate: RustCrate, graph: CrateGraph, options: PlatformOptions): TargetParts {
  return { crate, graph, options, inputs: crateInputs(crate, graph, options) };
}

export function executor(name: string): string {
  return `rust-platform-plugin:${name}`;
}

/** Shown by `nx show project` and in the editor. Nx does not hash it, so that it may say what the metadata says. */
export function metadata(
  { crate }: TargetParts,
  target: string,
  help: Help,
): TargetConfiguration['metadata'] {
  return {
    description: help.description,
    // Most use nothing else, and Nx keeps a record of every word.
    ...(help.technologies?.length ? { technologies: ['rust', ...help.technologies] } : {}),
    help: { command: `npx nx run ${crate.project}:${target} --help`, example: help.example ?? {} },
  };
}

/** The reports of a cached target, so that a hit brings them back. */
export function reports({ options }: TargetParts, target: string): string {
  return `{workspaceRoot}/${options.reportsDirectory}/{projectName}/${target}.*`;
}

/** The build of the crate, and of every service that must run beside it. */
export function builds({ crate, graph }: TargetParts): NonNullable<TargetConfiguration['dependsOn']> {
  const needed = graph.neededClosure(crate.project);
  return ['build', ...(needed.length > 0 ? [{ projects: needed, target: 'build' }] : [])];
}

export function enginesOf({ service }: RustCrate): string[] {
  return (service?.needs ?? []).flatMap((need) =>
    need.kind === 'postgres' || need.kind === 'redis' ? [need.kind] : [],
  );
}
