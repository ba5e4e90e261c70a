import { join } from 'node:path';
import { run } from '../../../process/run';
import type { CargoSetup } from '../cargo-setup';
import type { CargoTarget } from './compile-order';

interface RawPackage {
  manifest_path: string;
  features?: Record<string, string[]>;
  targets: Array<{ name: string; kind: string[]; test?: boolean; 'required-features'?: string[] }>;
}

/**
 * Targets of the crates of a Cargo workspace, by manifest. Those that ask for features which are not on by default are
 * left out, as cargo does it. Empty when cargo cannot tell: then nothing counts as complete.
 */
export async function readTargets({
  workspaceRoot,
  crate,
  signal,
}: CargoSetup): Promise<Map<string, CargoTarget[]>> {
  const args = ['metadata', '--no-deps', '--format-version=1', '--offline'];
  const { exitCode, stdout } = await run('cargo', args, {
    cwd: join(workspaceRoot, crate.cargoRoot),
    signal,
  });
  if (exitCode !== 0) return new Map();
  const { packages } = JSON.parse(stdout) as { packages: RawPackage[] };
  return new Map(packages.map((each) => [each.manifest_path, targetsOf(each)]));
}

function targetsOf({ features = {}, targets }: RawPackage): CargoTarget[] {
  const on = new Set(features['default']);
  for (const feature of on) for (const more of features[feature] ?? []) on.add(more);
  return targets
    .filter((target) => (target['required-features'] ?? []).every((feature) => on.has(feature)))
    .map(({ name, kind, test = false }) => ({ name, kind, test }));
}
