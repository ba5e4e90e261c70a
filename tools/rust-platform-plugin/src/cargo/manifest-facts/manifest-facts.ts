import { isTable, tableAt, type Manifest } from '../manifest';
import { dependencyFacts, type FactsPlace } from './dependency-facts';
import { byName, factValue, type ManifestFact } from './manifest-fact';
import { packageFacts } from './package-facts';

/** Told elsewhere or without effect: `[badges]` are of a registry, `[workspace]` counts only where it is inherited. */
const NOT_BY_TABLE =
  /^(package|project|workspace|badges|lints|target|profile|patch|replace|(dev[-_]|build[-_])?dependencies)$/;
/** Targets that no build and no dependant compiles. */
const TEST_TARGETS = new Set(['test', 'example', 'bench']);

/**
 * The effective manifest of a crate: its own fields that can change a result, with what it inherits from the root of its
 * workspace. `[workspace.dependencies]` or `[workspace.lints]` that it does not take over are not among them.
 */
export function manifestFacts(manifest: Manifest, workspace: Manifest, place: FactsPlace): ManifestFact[] {
  const { file } = place;
  const others = Object.entries(manifest.toml ?? {})
    .filter(([key]) => !NOT_BY_TABLE.test(key))
    .flatMap(([key, value]) => tableFacts(key, value, file));
  return byName([
    ...packageFacts(manifest, workspace, file),
    ...others,
    ...dependencyFacts(manifest, workspace, place),
    ...lintFacts(manifest, workspace, file),
  ]);
}

function tableFacts(key: string, value: unknown, file: string): ManifestFact[] {
  const entries = key === 'features' && isTable(value) ? Object.entries(value) : undefined;
  if (entries)
    return entries.map(([name, list]) => ({ name: `${file} [features] ${name}`, value: factValue(list) }));
  const fact = { name: `${file} [${key}]`, value: factValue(value) };
  return [TEST_TARGETS.has(key) ? { ...fact, only: 'test' } : fact];
}

/** Levels and settings of lints, its own or those of the workspace. Those of rustc can fail every build. */
function lintFacts(manifest: Manifest, workspace: Manifest, file: string): ManifestFact[] {
  const own = tableAt(manifest.toml, 'lints');
  const tables = own['workspace'] === true ? tableAt(workspace.toml, 'workspace', 'lints') : own;
  return Object.entries(tables).flatMap(([tool, lints]) =>
    isTable(lints)
      ? Object.entries(lints).map(([lint, level]) => ({
          name: `${file} [lints.${tool}] ${lint}`,
          value: factValue(level),
          ...(tool === 'clippy' ? { only: 'clippy' as const } : {}),
        }))
      : [],
  );
}
