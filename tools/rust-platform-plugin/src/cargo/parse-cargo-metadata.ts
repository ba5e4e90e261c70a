import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import type { CargoDependency, CargoPackage, CargoTarget, CargoWorkspace } from './cargo-workspace';

/** The part of `cargo metadata --format-version 1` that is read. */
interface MetadataDocument {
  packages: MetadataPackage[];
  workspace_members: string[];
  workspace_root: string;
  target_directory: string;
}

interface MetadataPackage {
  id: string;
  name: string;
  version: string;
  edition: string;
  description: string | null;
  manifest_path: string;
  default_run: string | null;
  features: Record<string, string[]>;
  metadata: Record<string, unknown> | null;
  targets: Array<{
    name: string;
    kind: string[];
    src_path: string;
    test: boolean;
    doctest: boolean;
    'required-features'?: string[];
  }>;
  dependencies: Array<{
    name: string;
    rename: string | null;
    kind: 'dev' | 'build' | null;
    optional: boolean;
    uses_default_features: boolean;
    features: string[];
    path?: string;
  }>;
}

/** Throws a plain Error when the text is not a metadata document of format 1. */
export function parseCargoMetadata(text: string): CargoWorkspace {
  const document = JSON.parse(text) as MetadataDocument;
  if (!Array.isArray(document.packages) || typeof document.workspace_root !== 'string') {
    throw new Error('this is no answer of `cargo metadata --format-version 1`');
  }
  const members = new Set(document.workspace_members);
  return {
    root: document.workspace_root,
    targetDirectory: document.target_directory,
    lockFile: lockFileOf(document.workspace_root),
    packages: document.packages
      .filter(({ id }) => members.has(id))
      .map(parsePackage)
      .sort(byManifest),
    source: 'cargo',
  };
}

export function lockFileOf(root: string): string | undefined {
  const file = join(root, 'Cargo.lock');
  return existsSync(file) ? file : undefined;
}

export function byManifest(a: CargoPackage, b: CargoPackage): number {
  return a.manifestPath < b.manifestPath ? -1 : 1;
}

function parsePackage(found: MetadataPackage): CargoPackage {
  return {
    name: found.name,
    version: found.version,
    edition: found.edition,
    description: found.description ?? undefined,
    manifestPath: found.manifest_path,
    root: dirname(found.manifest_path),
    targets: found.targets.map(parseTarget),
    dependencies: found.dependencies.map(parseDependency),
    features: found.features,
    defaultRun: found.default_run ?? undefined,
    metadata: found.metadata ?? {},
  };
}

function parseTarget(found: MetadataPackage['targets'][number]): CargoTarget {
  return {
    name: found.name,
    kind: found.kind,
    srcPath: found.src_path,
    test: found.test,
    doctest: found.doctest,
    requiredFeatures: found['required-features'] ?? [],
  };
}

function parseDependency(found: MetadataPackage['dependencies'][number]): CargoDependency {
  return {
    name: found.name,
    rename: found.rename ?? undefined,
    kind: found.kind ?? 'normal',
    optional: found.optional,
    features: found.features,
    defaultFeatures: found.uses_default_features,
    path: found.path,
  };
}
