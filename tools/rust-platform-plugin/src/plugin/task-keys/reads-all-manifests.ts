import { CARGO_LINTS } from '../../cargo/scan/rust-references';
import type { RustCrate } from '../../service-model/service-model';
import type { KeyWorld } from './key-world';

/** Name of the part that such a key holds. */
export function allManifestsPart(cargoRoot: string): string {
  return `${cargoRoot} manifests of all members (clippy::cargo)`;
}

/** Lints of `clippy::cargo` judge every member of the workspace by what it publishes. */
export function readsAllManifests(world: KeyWorld, crate: RustCrate): boolean {
  const { declared, env } = world;
  const facts = world.facts(crate)?.manifest ?? [];
  return (
    declared.get(crate.project)?.cargoLints === true ||
    facts.some(({ name }) => CARGO_LINTS.test(/\[lints\.clippy\] (.*)$/.exec(name)?.[1] ?? '')) ||
    /clippy::cargo/.test(`${env['CLIPPY_ARGS'] ?? ''} ${env['RUSTFLAGS'] ?? ''}`)
  );
}
