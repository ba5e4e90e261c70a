import type { Artifact } from '../cargo-messages';
import type { CargoCrate } from '../cargo-setup';

export type CompileCommand = 'clippy' | 'check' | 'test' | 'build';

/** What is asked of cargo for a crate; crates with the same order may share a process. */
export interface CompileOrder {
  subcommand: CompileCommand;
  args: string[];
}

/** Warnings are not turned into errors: a dependant could not be judged, and other arguments lint the workspace anew. */
export const CLIPPY_ORDER: CompileOrder = { subcommand: 'clippy', args: ['--all-targets'] };
export const CHECK_ORDER: CompileOrder = { subcommand: 'check', args: ['--all-targets'] };
/** Everything that the tests of a crate need is compiled; nothing is run. */
export const TEST_ORDER: CompileOrder = { subcommand: 'test', args: ['--no-run'] };

/** Programs, or of a crate without any the library. */
export function buildOrder({
  binaries,
  hasLibrary,
}: Pick<CargoCrate, 'binaries' | 'hasLibrary'>): CompileOrder {
  const selection = binaries.length > 0 ? ['--bins'] : hasLibrary ? ['--lib'] : [];
  return { subcommand: 'build', args: ['--release', ...selection] };
}

/** A target as `cargo metadata` tells it. */
export interface CargoTarget {
  name: string;
  kind: string[];
  test: boolean;
}

/** Whether cargo reported everything that it compiles of a crate by this order. */
export function isComplete(request: {
  order: CompileOrder;
  targets: readonly CargoTarget[];
  /** Of this crate. */
  artifacts: readonly Artifact[];
}): boolean {
  const { order, targets, artifacts } = request;
  return targets.every((target) => {
    const found = artifacts.filter(
      ({ name, kind }) => name === target.name && kind.join() === target.kind.join(),
    );
    return unitsOf(order, target).every((isTest) => found.some((artifact) => artifact.isTest === isTest));
  });
}

/** Compiled with `--test` or not; none: the order does not select the target. */
function unitsOf({ subcommand, args }: CompileOrder, target: CargoTarget): boolean[] {
  const [is = ''] = target.kind.map(familyOf);
  if (is === 'custom-build') return [false];
  if (subcommand === 'build') {
    return (args.includes('--bins') && is === 'bin') || (args.includes('--lib') && is === 'lib')
      ? [false]
      : [];
  }
  const tests = target.test ? [true] : [];
  if (is === 'lib' || is === 'bin') return subcommand === 'test' ? tests : [false, ...tests];
  if (is === 'example') return [false];
  if (is === 'test') return tests;
  return is === 'bench' && subcommand !== 'test' ? [true] : [];
}

function familyOf(kind: string): string {
  return ['bin', 'example', 'test', 'bench', 'custom-build'].includes(kind) ? kind : 'lib';
}
