import { isTable, tableAt, type Manifest } from '../manifest';
import { factValue, type ManifestFact } from './manifest-fact';

/**
 * Keys of `[package]` that neither cargo's build nor `env!("CARGO_PKG_…")` reads: about publishing, or about which package
 * a command means. Whatever else there is counts, also what a later cargo brings.
 */
const WITHOUT_EFFECT = new Set([
  'metadata',
  'include',
  'exclude',
  'default-run',
  'workspace',
  // Said once, for the whole workspace.
  'resolver',
]);

/** Read by lints of `clippy::cargo` alone. */
const PUBLISHED = new Set(['keywords', 'categories', 'documentation', 'publish']);

/** `[package]`, inherited values filled in. */
export function packageFacts(manifest: Manifest, workspace: Manifest, file: string): ManifestFact[] {
  const own = tableAt(manifest.toml, 'package');
  const shared = tableAt(workspace.toml, 'workspace', 'package');
  return Object.entries(own)
    .filter(([key]) => !WITHOUT_EFFECT.has(key))
    .map(([key, value]) => {
      const inherits = isTable(value) && value['workspace'] === true;
      return {
        name: `${file} [package] ${key.replaceAll('_', '-')}`,
        value: factValue(inherits ? (shared[key] ?? null) : value),
        ...(PUBLISHED.has(key) ? { only: 'publish' as const } : {}),
      };
    });
}
