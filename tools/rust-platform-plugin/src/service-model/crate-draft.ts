import { join } from 'node:path';
import type { CargoPackage, CargoWorkspace } from '../cargo/cargo-workspace';
import type { CrateEvidence } from '../cargo/read-evidence';
import type { MetadataSource, ServiceMetadata } from './service-metadata';

/** A crate on its way into the model: what cargo, its files and its metadata say, with its name. */
export interface CrateDraft {
  project: string;
  /** Relative to the workspace root. */
  root: string;
  manifest: string;
  cargo: CargoPackage;
  workspace: CargoWorkspace;
  evidence: CrateEvidence;
  metadata: ServiceMetadata;
  /** Where a key of the metadata stands; for a key that is not there, the table of Cargo.toml. */
  sourceOf: (key: string) => MetadataSource;
}

/** A path of the crate, relative to the workspace root, with `/`. */
export function inCrate({ root }: CrateDraft, path: string): string {
  return join(root, path).replaceAll('\\', '/').replace(/\/$/, '');
}

/** Names of the `[[bin]]` targets that every build makes, in manifest order. */
export function binariesOf({ targets }: CargoPackage): string[] {
  return targets
    .filter(({ kind, requiredFeatures }) => kind.includes('bin') && requiredFeatures.length === 0)
    .map(({ name }) => name);
}

export function libraryOf({ targets }: CargoPackage): CargoPackage['targets'][number] | undefined {
  return targets.find(({ kind }) => kind.some((one) => one.endsWith('lib') || one === 'proc-macro'));
}
