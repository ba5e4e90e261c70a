import type { CargoPackage, CargoProblem, CargoWorkspace } from './cargo-workspace';
import { targetDirectoryOf } from './cargo-config';
import { readCrateLayout, type CrateLayout } from './crate-layout';
import { discoverTargets } from './discover-targets';
import type { CargoRoot } from './find-cargo-roots';
import { isTable, stringAt, stringsAt, tableAt, type Manifest } from './manifest';
import { manifestDependencies } from './manifest-dependencies';
import { byManifest, lockFileOf } from './parse-cargo-metadata';

/**
 * A workspace from its manifests alone, for when cargo does not answer: the same members, targets and path edges (a spec
 * holds it against cargo). Members that cannot be read are left out.
 */
export function manifestWorkspace(
  root: CargoRoot,
  layouts: Map<string, CrateLayout>,
  env: NodeJS.ProcessEnv,
  problem: CargoProblem | undefined,
): CargoWorkspace {
  const { manifest, members } = root;
  return {
    root: manifest.folder,
    targetDirectory: targetDirectoryOf(manifest.folder, env),
    lockFile: lockFileOf(manifest.folder),
    packages: members
      .filter(({ toml }) => isTable(toml?.['package']))
      .map((member) => manifestPackage(member, manifest, layouts.get(member.folder)))
      .sort(byManifest),
    source: 'manifests',
    ...(problem ? { problem } : {}),
  };
}

function manifestPackage(
  manifest: Manifest,
  workspace: Manifest,
  known: CrateLayout | undefined,
): CargoPackage {
  const toml = tableAt(manifest.toml, 'package');
  const edition = inherited(toml, 'edition', workspace) ?? '2015';
  return {
    name: stringAt(toml, 'name') ?? '',
    version: inherited(toml, 'version', workspace) ?? '0.0.0',
    edition,
    description: inherited(toml, 'description', workspace),
    manifestPath: manifest.file,
    root: manifest.folder,
    targets: discoverTargets(manifest, known ?? readCrateLayout(manifest.folder), edition),
    dependencies: manifestDependencies(manifest, workspace),
    features: features(manifest),
    defaultRun: stringAt(toml, 'default-run'),
    metadata: tableAt(toml, 'metadata'),
  };
}

function inherited(toml: Record<string, unknown>, key: string, workspace: Manifest): string | undefined {
  const value = toml[key];
  if (isTable(value) && value['workspace'] === true) {
    return stringAt(tableAt(workspace.toml, 'workspace', 'package'), key);
  }
  return typeof value === 'string' ? value : undefined;
}

/** With the implicit feature of every optional dependency that no `dep:` mentions, as cargo reports them. */
function features(manifest: Manifest): Record<string, string[]> {
  const table = tableAt(manifest.toml, 'features');
  const declared = Object.fromEntries(Object.keys(table).map((name) => [name, stringsAt(table, name)]));
  const mentioned = new Set(Object.values(declared).flat());
  const optional = manifestDependencies(manifest, manifest).filter((dependency) => dependency.optional);
  const implicit = optional
    .map(({ rename, name }) => rename ?? name)
    .filter((name) => !mentioned.has(`dep:${name}`) && !(name in declared));
  return { ...declared, ...Object.fromEntries(implicit.map((name) => [name, [`dep:${name}`]])) };
}
