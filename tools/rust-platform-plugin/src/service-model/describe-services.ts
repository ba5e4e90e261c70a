import type { CargoProblem } from '../cargo/cargo-workspace';
import { isCargoFault } from '../cargo/cargo-problems';
import { relativeTo } from '../cargo/read-cargo-workspaces';
import { binariesOf, libraryOf, type CrateDraft } from './crate-draft';
import { crateDependencies, type PathEdges } from './crate-dependencies';
import { serversOf, type Server } from './crate-evidence';
import { describeService, type CrateFiles } from './describe-service';
import { draftCrates, type DraftInput } from './draft-crates';
import { portCollisions, serviceMistakes } from './model-checks';
import type { ModelProblem, RustCrate, ServiceModel } from './service-model';

export interface DescribeInput extends DraftInput {
  /** Faults of single manifests. */
  problems: readonly CargoProblem[];
  /** Names of the services in docker-compose.yml. */
  composeServices: readonly string[];
  files: CrateFiles;
}

/** Cargo workspaces as services: which crates are services, what they need, on which port. Pure but for `files`. */
export function describeServices(input: DescribeInput): ServiceModel {
  const { drafts, problems } = draftCrates(input);
  const names = {
    crates: new Map([
      ...drafts.map(({ cargo, project }) => [cargo.name, project] as const),
      ...drafts.map(({ project }) => [project, project] as const),
    ]),
    compose: input.composeServices,
  };
  const edges = pathEdges(drafts);
  const dependencies = crateDependencies(edges.inside);
  const described = drafts.map((draft) => {
    const { service, problems: found } = describeService(draft, names, input.files);
    problems.push(...found);
    return describeCrate(input, draft, service, dependencies, edges.outside);
  });
  problems.push(...serviceMistakes(described, drafts), ...portCollisions(described, drafts));
  return {
    crates: described.sort((a, b) => (a.project < b.project ? -1 : 1)),
    problems: [...cargoProblems(input), ...problems],
  };
}

function describeCrate(
  { workspaceRoot }: DescribeInput,
  draft: CrateDraft,
  service: RustCrate['service'],
  dependencies: ReturnType<typeof crateDependencies>,
  outside: Map<string, string[]>,
): RustCrate {
  const { cargo, workspace, project } = draft;
  const library = libraryOf(cargo);
  return {
    project,
    packageName: cargo.name,
    description: cargo.description,
    root: draft.root,
    manifest: draft.manifest,
    cargoRoot: relativeTo(workspaceRoot, workspace.root),
    targetDirectory: workspace.targetDirectory,
    lockFile: workspace.lockFile && relativeTo(workspaceRoot, workspace.lockFile),
    edition: cargo.edition,
    binaries: binariesOf(cargo),
    hasLibrary: library !== undefined,
    hasDoctests: library?.doctest ?? false,
    targetSources: cargo.targets.map(({ srcPath }) => relativeTo(workspaceRoot, srcPath)).sort(),
    hasBuildScript: cargo.targets.some(({ kind }) => kind.includes('custom-build')),
    dependencies: dependencies.get(project) ?? [],
    externalPathDependencies: outside.get(project) ?? [],
    repositoryPathDependencies: insideRepository(workspaceRoot, outside.get(project) ?? []),
    testNeeds: testNeeds(draft),
    service,
  };
}

function pathEdges(drafts: CrateDraft[]): { inside: PathEdges[]; outside: Map<string, string[]> } {
  const projectAt = new Map(drafts.map(({ cargo, project }) => [cargo.root, project]));
  const outside = new Map<string, string[]>();
  const inside = drafts.map(({ project, cargo }) => {
    const paths = cargo.dependencies.flatMap(({ path, kind }) =>
      path === undefined ? [] : [{ path, kind }],
    );
    const strange = paths.map(({ path }) => path).filter((path) => !projectAt.has(path));
    outside.set(project, [...new Set(strange)].sort());
    const edges = paths.flatMap(({ path, kind }) => {
      const target = projectAt.get(path);
      return target === undefined ? [] : [{ project: target, kind }];
    });
    return { project, edges };
  });
  return { inside, outside };
}

function insideRepository(workspaceRoot: string, folders: string[]): string[] {
  return folders
    .map((folder) => relativeTo(workspaceRoot, folder))
    .filter((folder) => !folder.startsWith('..'));
}

/** Servers that the tests of a crate talk to. */
function testNeeds({ metadata, cargo, evidence }: CrateDraft): Server[] {
  if (metadata.testNeeds) return metadata.testNeeds;
  const found = new Set(serversOf(cargo, 'dev').map(({ server }) => server));
  const hasIntegrationTests = cargo.targets.some(({ kind }) => kind.includes('test'));
  for (const { server } of serversOf(cargo, 'normal')) {
    if (hasIntegrationTests || (server === 'postgres' && evidence.databaseTests)) found.add(server);
  }
  return (['postgres', 'redis'] as const).filter((server) => found.has(server));
}

function cargoProblems({ workspaceRoot, workspaces, problems }: DescribeInput): ModelProblem[] {
  const ofWorkspaces = workspaces.flatMap(({ problem }) => problem ?? []);
  return [...problems, ...ofWorkspaces].map((problem) => ({
    ...problem,
    file: relativeTo(workspaceRoot, problem.file),
    severity: isCargoFault(problem) ? 'task' : 'inference',
  }));
}
