import type { CargoPackage, CargoWorkspace } from '../cargo/cargo-workspace';
import { relativeTo } from '../cargo/read-cargo-workspaces';
import type { CrateEvidence } from '../cargo/read-evidence';
import type { CrateDraft } from './crate-draft';
import { locateJsonKey, locateTomlKey } from './locate-key';
import { suggestion } from './nearest-name';
import { metadataProblem, parseServiceMetadata } from './parse-service-metadata';
import type { PlatformOptions } from './platform-options';
import { projectNames } from './project-names';
import type { MetadataSource } from './service-metadata';
import type { ModelProblem } from './service-model';

export interface DraftInput {
  workspaceRoot: string;
  workspaces: readonly CargoWorkspace[];
  /** Manifest texts by absolute path. */
  texts: ReadonlyMap<string, string>;
  /** By absolute manifest path. */
  evidence: ReadonlyMap<string, CrateEvidence>;
  options: PlatformOptions;
  /** Content of nx.json, for line numbers. */
  nxJson: string | undefined;
}

/** Every package with its project name and its checked metadata: Cargo.toml, and over it the plugin option `services`. */
export function draftCrates(input: DraftInput): { drafts: CrateDraft[]; problems: ModelProblem[] } {
  const packages = input.workspaces.flatMap((workspace) =>
    workspace.packages.map((cargo) => ({
      cargo,
      workspace,
      root: relativeTo(input.workspaceRoot, cargo.root),
    })),
  );
  const names = projectNames(
    packages.map(({ cargo, root }) => ({
      packageName: cargo.name,
      root,
      givenName: input.evidence.get(cargo.manifestPath)?.projectName,
    })),
  );
  const drafted = packages.map(({ cargo, workspace, root }, index) =>
    draftCrate(input, cargo, workspace, root, names[index] ?? cargo.name),
  );
  return {
    drafts: drafted.map(({ draft }) => draft),
    problems: [...drafted.flatMap(({ problems }) => problems), ...unknownProjects(input, names)],
  };
}

function draftCrate(
  input: DraftInput,
  cargo: CargoPackage,
  workspace: CargoWorkspace,
  root: string,
  project: string,
): { draft: CrateDraft; problems: ModelProblem[] } {
  const manifest = relativeTo(input.workspaceRoot, cargo.manifestPath);
  const inManifest = manifestSource(manifest, input.texts.get(cargo.manifestPath) ?? '');
  const inOptions = optionsSource(project, input.nxJson);
  const own = parseServiceMetadata(cargo.metadata['rust-platform'], inManifest);
  const override = Object.hasOwn(input.options.services, project)
    ? input.options.services[project]
    : undefined;
  const over = parseServiceMetadata(override, inOptions);
  const draft: CrateDraft = {
    project,
    root,
    manifest,
    cargo,
    workspace,
    evidence: input.evidence.get(cargo.manifestPath) ?? NO_EVIDENCE,
    metadata: { ...own.metadata, ...over.metadata },
    sourceOf: (key) => (Object.hasOwn(Object(override), key) ? inOptions : inManifest),
  };
  return { draft, problems: [...own.problems, ...over.problems] };
}

const NO_EVIDENCE: CrateEvidence = {
  migrations: undefined,
  apiTests: [],
  scenarios: undefined,
  dockerfile: undefined,
  databaseTests: false,
  projectName: undefined,
};

function manifestSource(file: string, text: string): MetadataSource {
  return {
    file,
    path: ['package', 'metadata', 'rust-platform'],
    // A key that is missing belongs to the table, or else to the package.
    locate: (path) => locateTomlKey(text, path) ?? locateTomlKey(text, ['package']),
  };
}

function optionsSource(project: string, nxJson: string | undefined): MetadataSource {
  return {
    file: 'nx.json',
    path: ['services', project],
    locate: (path) => (nxJson === undefined ? undefined : locateJsonKey(nxJson, path)),
  };
}

function unknownProjects({ options, nxJson }: DraftInput, names: string[]): ModelProblem[] {
  return Object.keys(options.services)
    .filter((project) => !names.includes(project))
    .map((project) =>
      metadataProblem(
        optionsSource(project, nxJson),
        [],
        `there is no crate ${project}: ${suggestion(project, names)}`,
        'services is keyed by Nx project name',
      ),
    );
}
